import * as firefox from "./firefox.js";
import { tell } from "./story.js";
import "./stories/all.js";

tell(firefox);
