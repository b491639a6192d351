import * as webkit from "./webkit.js";
import { tell } from "./story.js";
import "./stories/all.js";

tell(webkit);
