const BETWEEN = 33;
const AT_REST_AFTER = 160;

/** Tells the server where one looks from, as often as is of use: while it changes, and once more when it rests. */
export class Stream {
    #live;
    #sent = "";
    #sentAt = 0;
    #changedAt = 0;
    #last = "";
    #resting = false;

    /** Which channel is shown: one of the scene's. */
    channel = "color";
    /** What is left of the scene: {min, max}, or null for all. */
    crop = null;

    constructor(live) {
        this.#live = live;
        live.addEventListener("connection", () => this.again());
    }

    /** The next update is sent whether anything changed or not. */
    again() {
        this.#sent = "";
    }

    /** @param size of the picture that is wanted, {width, height} in pixels */
    update(eye, size, now) {
        if (!this.#live.open || size.width < 1 || size.height < 1) {
            return;
        }
        const view = {
            type: "camera", pose: eye.pose, fov: eye.fov, width: size.width, height: size.height,
            channel: this.channel, crop: this.crop,
        };
        const text = JSON.stringify(view);
        if (text !== this.#last) {
            this.#last = text;
            this.#changedAt = now;
        }
        const resting = now - this.#changedAt >= AT_REST_AFTER;
        const changed = text !== this.#sent;
        if (resting ? changed || !this.#resting : changed && now - this.#sentAt >= BETWEEN) {
            this.#live.send({...view, moving: !resting});
            this.#sent = text;
            this.#sentAt = now;
            this.#resting = resting;
        }
    }
}
