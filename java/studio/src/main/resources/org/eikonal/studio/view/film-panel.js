import {api} from "./api.js";
import {byId, element, iconButton} from "./dom.js";
import {notice, trying} from "./notices.js";

/** The keyframes as a list, the film's settings, and the paths that were saved. */
export class FilmPanel {
    #film;
    #eye;
    #go;

    /** @param go what brings one to a keyframe */
    constructor(film, eye, go) {
        this.#film = film;
        this.#eye = eye;
        this.#go = go;
        byId("add-keyframe").addEventListener("click", () => this.add());
        for (const [id, key] of [["film-seconds", "seconds"], ["film-fps", "fps"]]) {
            byId(id).addEventListener("change", () => {
                if (byId(id).reportValidity()) {
                    film.set({[key]: byId(id).valueAsNumber});
                }
            });
        }
        byId("film-loop").addEventListener("change", () => film.set({loop: byId("film-loop").checked}));
        byId("keep-film").addEventListener("submit", (event) => {
            event.preventDefault();
            this.#keep();
        });
        byId("kept-films").addEventListener("change", () => this.#open(byId("kept-films").value));
        film.addEventListener("keyframes", () => this.#show());
        film.addEventListener("problem", (event) => notice(event.detail.message, "bad"));
        this.#show();
        this.#list();
    }

    /** A keyframe where one looks from. */
    add() {
        this.#film.add(this.#eye);
        byId("keyframes").lastElementChild?.scrollIntoView({block: "nearest"});
    }

    #show() {
        const film = this.#film;
        byId("keyframes").replaceChildren(...film.keyframes.map((_, index) => this.#row(index)));
        byId("no-keyframes").hidden = film.keyframes.length > 0;
        byId("one-keyframe").hidden = film.keyframes.length !== 1;
        byId("keep").disabled = film.keyframes.length < 2;
        byId("start-render").disabled = film.keyframes.length < 2;
        byId("film-seconds").value = film.seconds;
        byId("film-fps").value = film.fps;
        byId("film-loop").checked = film.loop;
    }

    #row(index) {
        const film = this.#film;
        const name = `keyframe ${index + 1}`;
        const go = element("button", {type: "button", className: "row-name", title: "Look from here"},
                element("span", {}, `${index + 1}`), element("small", {}, film.time(index).toFixed(1) + " s"));
        go.setAttribute("aria-label", `Look from ${name}`);
        go.addEventListener("click", () => this.#go(film.keyframes[index]));
        const up = iconButton("up", `Move ${name} up`, () => film.move(index, -1));
        const down = iconButton("down", `Move ${name} down`, () => film.move(index, 1));
        up.disabled = index === 0;
        down.disabled = index === film.keyframes.length - 1;
        return element("li", {}, go, up, down,
                iconButton("replace", `Put ${name} where you look from`, () => film.replace(index, this.#eye)),
                iconButton("remove", `Remove ${name}`, () => film.remove(index)));
    }

    async #list() {
        const names = await trying(() => api.paths()) ?? [];
        const select = byId("kept-films");
        select.replaceChildren(element("option", {value: ""}, names.length > 0 ? "Open…" : "None saved yet"),
                ...names.map((name) => element("option", {value: name}, name)));
        select.disabled = names.length === 0;
    }

    #keep() {
        const name = byId("film-name").value;
        return trying(async () => {
            await api.savePath(name, this.#film.json);
            notice(`Saved as ${name}.`);
            await this.#list();
        });
    }

    #open(name) {
        return name === "" ? null : trying(async () => {
            const {keyframes, seconds, fps, loop} = await api.savedPath(name);
            this.#film.set({keyframes, seconds, fps, loop});
            byId("film-name").value = name;
            byId("kept-films").value = "";
        });
    }
}
