import "./finding.js";
import "./ime.js";
import "./pieces.js";
import "./reading.js";
import "./restart.js";
import "./returning.js";
import "./writing.js";
