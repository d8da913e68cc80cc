const MOVES = {
    KeyW: [0, 0, 1], KeyS: [0, 0, -1], KeyA: [-1, 0, 0], KeyD: [1, 0, 0], KeyE: [0, 1, 0], KeyQ: [0, -1, 0],
};
const TURNS = {ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]};
const TURN_SPEED = 1.2;
const MOVE_SPEED = 0.4;
const FASTER = 4;
const LONGEST_FRAME = 0.1;
const TEXT = "input:not([type=checkbox], [type=radio], [type=range]), select, textarea, dialog";
const USES_ARROWS = "input, [role=tablist]";
const USES_SPACE = "button, a, input";

/**
 * Keys that are held move the camera: W A S D ahead and sideways, E and Q up and down, arrows turn, Shift is faster.
 * In mode "walk" ahead stays at the same height. Keys that are pressed once are `shortcuts`.
 */
export class Keyboard {
    #held = new Set();
    #eye;
    #reach;
    #controls;
    #before = 0;
    #fast = false;

    /**
     * @param shortcuts by what the key types, such as {"?": () => ...}
     * @param reach about how large the scene is, in world units
     */
    constructor(eye, controls, reach, shortcuts) {
        this.#eye = eye;
        this.#reach = reach;
        this.#controls = controls;
        document.addEventListener("keydown", (event) => this.#down(event, shortcuts));
        document.addEventListener("keyup", (event) => {
            this.#held.delete(event.code);
            this.#fast = event.shiftKey;
        });
        addEventListener("blur", () => this.#held.clear());
    }

    #down(event, shortcuts) {
        if (event.target.closest(TEXT) || event.ctrlKey || event.metaKey || event.altKey) {
            return;
        }
        if (event.code in TURNS && event.target.closest(USES_ARROWS)
                || event.code === "Space" && event.target.closest(USES_SPACE)) {
            return;
        }
        this.#fast = event.shiftKey;
        if (event.code in MOVES || event.code in TURNS) {
            this.#held.add(event.code);
            event.preventDefault();
        } else if (!event.repeat && event.key.toLowerCase() in shortcuts) {
            event.preventDefault();
            shortcuts[event.key.toLowerCase()]();
        }
    }

    update(now) {
        const seconds = Math.min(LONGEST_FRAME, (now - this.#before) / 1000);
        this.#before = now;
        if (this.#held.size === 0) {
            return;
        }
        this.#controls.dispatchEvent(new Event("taken"));
        const step = seconds * this.#reach * MOVE_SPEED * (this.#fast ? FASTER : 1);
        for (const code of this.#held) {
            if (code in TURNS) {
                const sign = this.#controls.mode === "orbit" ? -1 : 1;
                const [left, up] = TURNS[code].map((part) => part * seconds * TURN_SPEED * sign);
                this.#eye.turn(left, up, this.#controls.mode === "orbit");
            } else {
                this.#move(...MOVES[code].map((part) => part * step));
            }
        }
    }

    #move(right, upward, ahead) {
        const eye = this.#eye;
        if (this.#controls.mode !== "walk") {
            eye.move(right, upward, ahead);
            return;
        }
        const level = eye.forward.addScaledVector(eye.up, -eye.forward.dot(eye.up)).normalize();
        const step = level.multiplyScalar(ahead).addScaledVector(eye.right, right).addScaledVector(eye.up, upward);
        eye.position.add(step);
        eye.target.add(step);
    }
}
