import {byId} from "./dom.js";

/** Plays a film in the view: one looks along as the camera goes. Taking the controls ends it. */
export class Preview {
    #film;
    #eye;
    #begun = 0;
    #playing = false;

    constructor(film, eye, onStart) {
        this.#film = film;
        this.#eye = eye;
        byId("preview").addEventListener("click", () => this.#playing ? this.stop() : this.#start(onStart));
        byId("preview-at").addEventListener("input", () => {
            this.stop();
            onStart();
            this.#stand(byId("preview-at").valueAsNumber);
        });
        film.addEventListener("frames", () => this.#ready());
        film.addEventListener("keyframes", () => this.stop());
        this.#ready();
    }

    #ready() {
        const ready = this.#film.frames.length > 0;
        byId("preview").disabled = !ready;
        byId("preview-at").disabled = !ready;
        byId("preview-at").max = Math.max(1, this.#film.frames.length - 1);
    }

    #start(onStart) {
        onStart();
        const at = byId("preview-at").valueAsNumber;
        const first = at < this.#film.frames.length - 1 ? at : 0;
        this.#begun = performance.now() - first / this.#film.fps * 1000;
        this.#show(true);
    }

    stop() {
        this.#show(false);
    }

    #show(playing) {
        this.#playing = playing;
        byId("preview-word").textContent = playing ? "Stop" : "Preview";
        byId("preview-icon").setAttribute("href", playing ? "#icon-pause" : "#icon-play");
    }

    update(now) {
        if (!this.#playing) {
            return;
        }
        const count = this.#film.frames.length;
        const frame = Math.floor((now - this.#begun) / 1000 * this.#film.fps);
        if (frame >= count && !this.#film.loop) {
            this.#stand(count - 1);
            this.stop();
        } else {
            this.#stand(Math.max(0, frame) % count);
        }
    }

    #stand(index) {
        const frame = this.#film.frames[index];
        if (frame !== undefined) {
            this.#eye.place(frame.pose, frame.fov);
            byId("preview-at").value = index;
            byId("preview-time").textContent = (index / this.#film.fps).toFixed(1) + " s";
        }
    }
}
