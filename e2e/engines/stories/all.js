import "./writing.js";
