// The one place that says where three.js is. An import map would have to be an inline script, which the page's
// Content-Security-Policy does not allow.
export * from "/webjars/three/build/three.module.min.js";
