import {reprojection} from "./reprojection.js";

/**
 * The streamed picture. The last frame is held, and laid where it belongs on the screen until the next comes. A frame
 * of the error channel has a photo's own camera: it is shown whole, and stays where it is.
 */
export class Picture {
    #canvas;
    #context;
    #decoding = 0;

    /** The head of the frame that is shown, or null. */
    frame = null;

    constructor(canvas) {
        this.#canvas = canvas;
        this.#context = canvas.getContext("2d", {alpha: false});
    }

    /** Shows a frame, unless a newer one was shown while this one was decoded. */
    async show({head, jpeg}) {
        this.#decoding = head.sequence;
        const bitmap = await createImageBitmap(jpeg);
        if (this.#decoding === head.sequence) {
            if (this.#canvas.width !== bitmap.width || this.#canvas.height !== bitmap.height) {
                this.#canvas.width = bitmap.width;
                this.#canvas.height = bitmap.height;
            }
            this.#context.drawImage(bitmap, 0, 0);
            this.frame = head;
            this.#canvas.dataset.sequence = head.sequence;
            this.#canvas.dataset.channel = head.channel;
            this.#canvas.dataset.final = head.final;
        }
        bitmap.close();
    }

    /** Whether the frame has a photo's camera in place of one's own. */
    get ofPhoto() {
        return this.frame?.photo != null;
    }

    /** Whether all is there that was asked for: that camera and channel, in full resolution. */
    complete(eye, channel) {
        const frame = this.frame;
        return frame !== null && frame.final && frame.channel === channel && (this.ofPhoto
                || Math.abs(frame.fov - eye.fov) < 1e-3
                && eye.pose.every((value, place) =>
                    Math.abs(value - frame.pose[place]) < 1e-4 * (1 + Math.abs(value))));
    }

    /** Lays the frame where it belongs. */
    place(eye, width, height) {
        if (this.frame === null) {
            return;
        }
        const style = this.#canvas.style;
        if (this.ofPhoto) {
            const scale = Math.min(width / this.frame.fullWidth, height / this.frame.fullHeight);
            style.width = this.frame.fullWidth * scale + "px";
            style.height = this.frame.fullHeight * scale + "px";
            style.transform = `translate(${(width - this.frame.fullWidth * scale) / 2}px, ${
                (height - this.frame.fullHeight * scale) / 2}px)`;
        } else {
            style.width = width + "px";
            style.height = height + "px";
            style.transform = reprojection(this.frame, eye, eye.depth, width, height);
        }
    }

    /** What is shown, as PNG; null before the first frame. */
    async png() {
        return this.frame && new Promise((done) => this.#canvas.toBlob(done, "image/png"));
    }
}
