// Azurite loads its telemetry though it is told to send none: more than half of its start.
"use strict";
const Module = require("node:module");

const load = Module._load;
Module._load = (request, ...rest) =>
  request === "applicationinsights" ? {} : load(request, ...rest);
