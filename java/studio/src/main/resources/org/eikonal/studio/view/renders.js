import {api} from "./api.js";
import {byId, element, icon, iconButton} from "./dom.js";
import {notice, trying} from "./notices.js";

/** Films that are being rendered or done: how far they are, and what to do with them. */
export class Renders {
    #rows = new Map();

    constructor(film, stream) {
        byId("render-film").addEventListener("submit", (event) => {
            event.preventDefault();
            trying(() => api.render({
                ...film.json, crop: stream.crop,
                width: byId("film-width").valueAsNumber, height: byId("film-height").valueAsNumber,
                channel: byId("film-channel").value, format: byId("film-format").value,
            }));
        });
    }

    /** All there are, after a connection was made. */
    set(renders) {
        this.#rows.clear();
        byId("renders").replaceChildren();
        renders.forEach((render) => this.show(render));
        this.#empty();
    }

    show(render) {
        const row = this.#rows.get(render.id) ?? this.#add(render);
        if (row.dataset.state !== render.state) {
            if (row.dataset.state === "running" && render.state === "done") {
                notice(`${render.name} is done.`);
            }
            row.dataset.state = render.state;
            row.replaceChildren(element("div", {className: "row-name"}, element("span", {}, render.name),
                    element("small")), ...this.#actions(render));
        }
        row.querySelector("small").textContent = this.#word(render);
        const progress = row.querySelector("progress");
        if (progress !== null) {
            progress.max = Math.max(1, render.total);
            progress.value = render.done;
        }
    }

    #add({id}) {
        const row = element("li");
        this.#rows.set(id, row);
        byId("renders").prepend(row);
        this.#empty();
        return row;
    }

    #word({state, done, total, message}) {
        return {running: done > 0 ? `${done} of ${total}` : "waiting", done: "done", cancelled: "cancelled"}[state]
                ?? message ?? state;
    }

    #actions({id, name, state}) {
        if (state === "running") {
            return [iconButton("remove", `Cancel ${name}`, () => trying(() => api.cancel(id))),
                element("progress", {"aria-label": `${name}: frames`})];
        }
        if (state === "done") {
            const link = element("a", {href: api.film(id), download: "", className: "button quiet", title: "Download",
                "aria-label": `Download ${name}`}, icon("download"));
            return [link];
        }
        return [];
    }

    #empty() {
        byId("no-renders").hidden = this.#rows.size > 0;
    }
}
