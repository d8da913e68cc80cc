import {BufferAttribute, BufferGeometry, Points, PointsMaterial} from "./three.js";
import {api} from "./api.js";

const RENEW_AFTER = 10_000;

/** The cells that the field takes for not empty, as points; asked for anew every few seconds while training goes on. */
export class Cells {
    #askedAt = -Infinity;
    #redraw;

    points = new Points(new BufferGeometry(), new PointsMaterial(
            {color: 0x6ea8fe, size: 2, sizeAttenuation: false, transparent: true, opacity: 0.2, depthWrite: false}));

    /** @param redraw called when the points came */
    constructor(redraw) {
        this.#redraw = redraw;
        this.points.visible = false;
        this.points.frustumCulled = false;
    }

    show(visible) {
        this.points.visible = visible;
        return visible ? this.#load() : Promise.resolve();
    }

    /** Called now and then while the scene changes. */
    renew(now) {
        return this.points.visible && now - this.#askedAt > RENEW_AFTER ? this.#load() : Promise.resolve();
    }

    async #load() {
        this.#askedAt = performance.now();
        const centres = await api.occupancy();
        this.points.geometry.dispose();
        this.points.geometry = new BufferGeometry().setAttribute("position", new BufferAttribute(centres, 3));
        this.#redraw();
    }
}
