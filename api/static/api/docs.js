"use strict";

const DARK = matchMedia("(prefers-color-scheme: dark)");
const READS = ["GET", "HEAD", "OPTIONS"];

// Swagger UI has a dark theme for this class, and leaves it to the page when.
function paint() {
  document.documentElement.classList.toggle("dark-mode", DARK.matches);
}

// People who are signed in may write: their session needs its CSRF token.
function withToken(request) {
  const token = document.cookie.match(/(?:^|; )csrftoken=(\w+)/);
  const ours = new URL(request.url, location.href).origin === location.origin;
  if (token && ours && !READS.includes(request.method)) {
    request.headers["X-CSRFToken"] = token[1];
  }
  return request;
}

paint();
DARK.addEventListener("change", paint);
SwaggerUIBundle({
  url: "/api/schema/",
  dom_id: "#docs",
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  deepLinking: true,
  validatorUrl: null,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  requestInterceptor: withToken,
});
