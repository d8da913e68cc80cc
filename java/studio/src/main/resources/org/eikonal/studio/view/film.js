import {api} from "./api.js";

const ASK_AFTER = 120;

/**
 * A film: keyframes, and every frame between them as the server interpolates them, so that preview and film are the
 * same.
 *
 * Events: keyframes (they or the settings changed), frames (those of the present keyframes came), problem (an error
 * as detail).
 */
export class Film extends EventTarget {
    #timer = 0;
    #asked = 0;

    /** [{pose, fov}] */
    keyframes = [];
    seconds = 6;
    fps = 30;
    loop = false;
    /** [{pose, fov}], a frame each; empty while there are fewer than two keyframes. */
    frames = [];

    /** As the protocol has it. */
    get json() {
        return {keyframes: this.keyframes, seconds: this.seconds, fps: this.fps, loop: this.loop};
    }

    /** When a keyframe is reached, in seconds. */
    time(index) {
        return index * this.seconds / Math.max(1, this.keyframes.length - (this.loop ? 0 : 1));
    }

    add(eye) {
        this.keyframes.push({pose: eye.pose, fov: eye.fov});
        this.#changed();
    }

    replace(index, eye) {
        this.keyframes[index] = {pose: eye.pose, fov: eye.fov};
        this.#changed();
    }

    remove(index) {
        this.keyframes.splice(index, 1);
        this.#changed();
    }

    /** Swaps a keyframe with the next (1) or the one before (-1). */
    move(index, by) {
        const [moved] = this.keyframes.splice(index, 1);
        this.keyframes.splice(index + by, 0, moved);
        this.#changed();
    }

    set(settings) {
        Object.assign(this, settings);
        this.#changed();
    }

    #changed() {
        this.frames = [];
        this.#asked++;
        clearTimeout(this.#timer);
        this.dispatchEvent(new Event("keyframes"));
        if (this.keyframes.length > 1) {
            this.#timer = setTimeout(() => this.#ask(), ASK_AFTER);
        } else {
            this.dispatchEvent(new Event("frames"));
        }
    }

    async #ask() {
        const asked = this.#asked;
        try {
            const path = await api.path(this.json);
            if (asked === this.#asked) {
                this.frames = path.camera_path.map((camera) =>
                    ({pose: camera.camera_to_world.slice(0, 12), fov: camera.fov}));
                this.dispatchEvent(new Event("frames"));
            }
        } catch (problem) {
            this.dispatchEvent(new CustomEvent("problem", {detail: problem}));
        }
    }
}
