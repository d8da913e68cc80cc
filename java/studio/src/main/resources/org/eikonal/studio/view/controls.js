const TURN = 0.005;
const CLICK_MOVES = 5;
const NEAREST = 1e-3;

/**
 * Mouse, touch and pen. One pointer turns (around the target in mode "orbit", on the spot in "fly" and "walk"), with
 * the right or middle button or Shift it moves sideways; two fingers move and pinch; the wheel goes nearer.
 *
 * Events: click ({x, y} on the canvas), hover ({x, y}), taken (a person moved the camera).
 */
export class Controls extends EventTarget {
    #canvas;
    #eye;
    #reach;
    #pointers = new Map();
    #moved = 0;
    #tool = null;

    /** orbit, fly or walk */
    mode = "orbit";
    /** What may take a drag before the camera does: (x, y) => (x, y) => void, or null. */
    grab = () => null;

    /** @param reach about how large the scene is, in world units */
    constructor(canvas, eye, reach) {
        super();
        this.#canvas = canvas;
        this.#eye = eye;
        this.#reach = reach;
        canvas.addEventListener("pointerdown", (event) => this.#down(event));
        canvas.addEventListener("pointermove", (event) => this.#move(event));
        canvas.addEventListener("pointerup", (event) => this.#up(event, true));
        canvas.addEventListener("pointercancel", (event) => this.#up(event, false));
        canvas.addEventListener("wheel", (event) => this.#wheel(event), {passive: false});
        canvas.addEventListener("contextmenu", (event) => event.preventDefault());
        document.addEventListener("mousemove", (event) => {
            if (document.pointerLockElement === canvas) {
                this.#taken();
                eye.turn(-event.movementX * TURN / 2, -event.movementY * TURN / 2, false);
            }
        });
    }

    #down(event) {
        this.#canvas.setPointerCapture(event.pointerId);
        if (this.#pointers.size === 0) {
            this.#moved = 0;
            this.#tool = event.button === 0 ? this.grab(event.offsetX, event.offsetY) : null;
        }
        this.#pointers.set(event.pointerId, {x: event.offsetX, y: event.offsetY});
    }

    #move(event) {
        const before = this.#pointers.get(event.pointerId);
        const {offsetX: x, offsetY: y} = event;
        if (before === undefined) {
            this.dispatchEvent(new CustomEvent("hover", {detail: {x, y}}));
            return;
        }
        const dx = x - before.x;
        const dy = y - before.y;
        this.#moved += Math.abs(dx) + Math.abs(dy);
        if (this.#moved < CLICK_MOVES) {
            return;
        }
        if (this.#tool !== null) {
            this.#tool(x, y);
        } else {
            this.#taken();
            if (this.#pointers.size === 2) {
                this.#pinch(event.pointerId, {x, y}, dx / 2, dy / 2);
            } else if (event.shiftKey || (event.buttons & 6) !== 0) {
                this.#pan(dx, dy);
            } else {
                // What is looked at goes with the pointer: the camera orbits, or turns, against it.
                const around = this.mode === "orbit";
                const sign = around ? -1 : 1;
                this.#eye.turn(sign * dx * TURN, sign * dy * TURN, around);
            }
        }
        this.#pointers.set(event.pointerId, {x, y});
    }

    #pinch(id, to, dx, dy) {
        const before = this.#pointers.get(id);
        const other = [...this.#pointers].find(([key]) => key !== id)[1];
        const distance = (point) => Math.max(10, Math.hypot(point.x - other.x, point.y - other.y));
        this.#nearer(distance(before) / distance(to));
        this.#pan(dx, dy);
    }

    /** The plane of the target goes with the pointer. */
    #pan(dx, dy) {
        const eye = this.#eye;
        const pixel = 2 * eye.depth * Math.tan(eye.fov * Math.PI / 360) / this.#canvas.clientHeight;
        eye.move(-dx * pixel, dy * pixel, 0);
    }

    #nearer(factor) {
        if (this.mode === "orbit") {
            this.#eye.approach(factor, this.#reach * NEAREST);
        } else {
            this.#eye.move(0, 0, -Math.log(factor) * this.#reach * 0.5);
        }
    }

    #wheel(event) {
        event.preventDefault();
        const lines = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY / 100 : event.deltaY / 3;
        this.#taken();
        this.#nearer(Math.exp(Math.max(-3, Math.min(3, lines)) * 0.15));
    }

    #up(event, finished) {
        if (!this.#pointers.delete(event.pointerId)) {
            return;
        }
        if (finished && this.#pointers.size === 0 && this.#moved < CLICK_MOVES && event.button === 0
                && this.#tool === null) {
            this.dispatchEvent(new CustomEvent("click",
                    {detail: {x: event.offsetX, y: event.offsetY, mouse: event.pointerType === "mouse"}}));
        }
        if (this.#pointers.size === 0) {
            this.#tool = null;
        }
    }

    #taken() {
        this.dispatchEvent(new Event("taken"));
    }
}
