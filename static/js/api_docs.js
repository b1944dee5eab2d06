/* Draws /api/v1/openapi.json. */
"use strict";
window.SwaggerUIBundle({ url: "/api/v1/openapi.json", dom_id: "#api", deepLinking: true, validatorUrl: null });
