(function () {
  // Pictures are in the page once, in the list of views; the slider borrows them from there.
  var views = document.querySelectorAll("[data-view]");
  var wipe = document.getElementById("wipe");
  if (!wipe || !views.length) return;
  var view = document.getElementById("view"), left = document.getElementById("left");
  var right = document.getElementById("right");
  var stage = document.getElementById("stage"), over = document.getElementById("over");
  var overImage = document.getElementById("over-image"), underImage = document.getElementById("under-image");
  var position = document.getElementById("position");

  function picture(kind) {
    return views[view.value].querySelector('[data-kind="' + kind + '"]');
  }
  function move() {
    over.style.width = position.value + "%";
  }
  function show() {
    var a = picture(left.value), b = picture(right.value);
    overImage.src = a.src;
    underImage.src = b.src;
    stage.className = b.getAttribute("width") < 500 ? "stage small" : "stage";
    overImage.alt = a.alt;
    underImage.alt = b.alt;
  }
  function step(by) {
    view.value = String((Number(view.value) + by + views.length) % views.length);
    show();
  }
  function drag(event) {
    var box = stage.getBoundingClientRect();
    var x = event.touches ? event.touches[0].clientX : event.clientX;
    if (event.touches || event.buttons === 1 || event.type === "mousedown") {
      position.value = Math.max(0, Math.min(100, 100 * (x - box.left) / box.width));
      move();
      if (!event.touches) event.preventDefault();
    }
  }
  view.onchange = left.onchange = right.onchange = show;
  position.oninput = position.onchange = move;
  document.getElementById("back").onclick = function () { step(-1); };
  document.getElementById("next").onclick = function () { step(1); };
  stage.onmousedown = stage.onmousemove = stage.ontouchstart = stage.ontouchmove = drag;
  for (var i = 0; i < views.length; i++) {
    views[i].onclick = (function (index) {
      return function (event) {
        if (event.target.tagName !== "IMG") return;
        view.value = String(index);
        show();
        wipe.scrollIntoView();
      };
    })(i);
  }
  wipe.hidden = false;
  show();
  move();
})();
