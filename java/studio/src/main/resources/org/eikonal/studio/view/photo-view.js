import {api} from "./api.js";
import {byId, element} from "./dom.js";

const DEGREES = 180 / Math.PI;

/** The vertical field of view, in degrees, at which a window of that aspect shows a whole photo. */
export function fitting(view, aspect) {
    const tangent = Math.max(view.height / 2 / view.fy, view.width / 2 / view.fx / aspect);
    return Math.min(140, 2 * Math.atan(tangent) * DEGREES);
}

/** Standing where a photo was taken: its name, the next ones, and the photo laid over the picture. */
export class PhotoView {
    #views;
    #fly;
    #aspect;
    #at = -1;

    /** @param fly (pose, fov, landed) => void; @param aspect of the window, asked when it matters */
    constructor(views, fly, aspect) {
        this.#views = views;
        this.#fly = fly;
        this.#aspect = aspect;
        views.forEach((view, which) => byId("photo-choice").append(element("option", {value: which},
                view.split === "train" ? view.name : `${view.name} (${view.split})`)));
        byId("photo-choice").addEventListener("change", () => this.enter(Number(byId("photo-choice").value)));
        byId("photo-next").addEventListener("click", () => this.enter((this.#at + 1) % views.length));
        byId("photo-previous").addEventListener("click", () =>
            this.enter((this.#at + views.length - 1) % views.length));
        byId("photo-blend").addEventListener("input", () => this.#blend());
        byId("photo-close").addEventListener("click", () => this.leave());
        byId("photo-row").hidden = views.length === 0;
    }

    /** Flies into a photo: an index into the views. */
    enter(which) {
        const view = this.#views[which];
        this.leave();
        this.#fly(view.pose, fitting(view, this.#aspect()), () => {
            this.#at = which;
            byId("photo").src = api.photo(view.index, 1024);
            byId("photo").alt = `Photo ${view.name}`;
            byId("photo-name").textContent = view.name;
            byId("photo-choice").value = which;
            byId("photo-bar").hidden = false;
            this.#blend();
        });
    }

    leave() {
        if (this.#at >= 0) {
            this.#at = -1;
            byId("photo-bar").hidden = true;
            byId("photo").hidden = true;
            byId("photo-choice").value = "";
        }
    }

    #blend() {
        const part = byId("photo-blend").valueAsNumber / 100;
        byId("photo").hidden = part === 0;
        byId("photo").style.opacity = part;
    }

    /** Lays the photo where its camera sees it, by its principal point. */
    place(eye, width, height) {
        if (this.#at < 0) {
            return;
        }
        const view = this.#views[this.#at];
        const focal = height / 2 / Math.tan(eye.fov / DEGREES / 2);
        const style = byId("photo").style;
        style.width = view.width * focal / view.fx + "px";
        style.height = view.height * focal / view.fy + "px";
        style.left = width / 2 - view.cx * focal / view.fx + "px";
        style.top = height / 2 - view.cy * focal / view.fy + "px";
    }
}
