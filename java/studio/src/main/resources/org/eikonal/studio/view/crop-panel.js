import {byId, element} from "./dom.js";

const AXES = ["x", "y", "z"];
const STEPS = 400;

/** The crop box in numbers: for each axis a slider from each side. */
export class CropPanel {
    #box;
    #stream;
    #rows = [];

    /** @param redraw called when the box comes or goes */
    constructor(box, stream, redraw) {
        this.#box = box;
        this.#stream = stream;
        for (const axis of AXES) {
            byId("crop-axes").append(this.#row(axis));
        }
        byId("crop-on").addEventListener("change", () => {
            this.#apply();
            redraw();
        });
        byId("crop-reset").addEventListener("click", () => box.reset());
        box.addEventListener("change", () => this.#apply());
        byId("tabs").addEventListener("change", () => {
            this.#apply();
            redraw();
        });
        this.#apply();
    }

    #row(axis) {
        const {min, max} = this.#box.limits;
        const slider = (end, label) => {
            const input = element("input", {type: "range", min: 0, max: STEPS, step: 1,
                "aria-label": `${axis}, ${label}`});
            input.addEventListener("input", () =>
                this.#box.move(end, axis, min[axis] + (max[axis] - min[axis]) * input.valueAsNumber / STEPS));
            this.#rows.push(() => {
                const value = this.#box.box[end][axis];
                input.value = Math.round((value - min[axis]) / (max[axis] - min[axis]) * STEPS);
                input.setAttribute("aria-valuetext", value.toFixed(2));
            });
            return input;
        };
        const reading = element("output", {className: "reading"});
        this.#rows.push(() => {
            reading.textContent = `${this.#box.box.min[axis].toFixed(2)} to ${this.#box.box.max[axis].toFixed(2)}`;
        });
        return element("div", {className: "axis", "role": "group", "aria-label": axis},
                element("b", {}, axis), element("div", {className: "two-ends"},
                slider("min", "from"), slider("max", "to")), reading);
    }

    #apply() {
        const on = byId("crop-on").checked;
        this.#rows.forEach((show) => show());
        this.#box.group.visible = on && !byId("panel-crop").hidden;
        this.#stream.crop = on ? this.#box.crop : null;
        byId("crop-body").disabled = !on;
    }
}
