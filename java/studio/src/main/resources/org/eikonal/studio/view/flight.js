const DURATION = 650;

/** Moves an eye smoothly from where it is to another. A person who takes the controls ends it. */
export class Flight {
    #eye;
    #from = null;
    #to = null;
    #begun = 0;
    #landed = null;

    constructor(eye) {
        this.#eye = eye;
    }

    get flying() {
        return this.#to !== null;
    }

    /** @param landed called once on arrival, if nothing came between */
    fly(to, landed = null) {
        this.#from = this.#eye.clone();
        this.#to = to.clone();
        this.#begun = performance.now();
        this.#landed = landed;
    }

    stop() {
        this.#to = null;
    }

    update(now) {
        if (this.#to === null) {
            return;
        }
        const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
        const part = still ? 1 : Math.max(0, Math.min(1, (now - this.#begun) / DURATION));
        const eased = part * part * (3 - 2 * part);
        const eye = this.#eye;
        eye.orientation.slerpQuaternions(this.#from.orientation, this.#to.orientation, eased);
        eye.position.lerpVectors(this.#from.position, this.#to.position, eased);
        eye.target.lerpVectors(this.#from.target, this.#to.target, eased);
        eye.fov = this.#from.fov + (this.#to.fov - this.#from.fov) * eased;
        if (part === 1) {
            eye.copy(this.#to);
            this.#to = null;
            this.#landed?.();
        }
    }
}
