import {Box3, Box3Helper, Color, Group, Mesh, MeshBasicMaterial, SphereGeometry, Vector3} from "./three.js";

const AXES = ["x", "y", "z"];
const HANDLE_PIXELS = 7;
const GRAB_PIXELS = 18;

/** The crop box with a handle on each face, which moves along its axis. */
export class CropBox extends EventTarget {
    #handles = [];
    #limits;

    group = new Group();
    box = new Box3();

    /** @param limits the modelled box, {min: [3], max: [3]}: no face is dragged outside it */
    constructor(limits) {
        super();
        this.#limits = new Box3(new Vector3(...limits.min), new Vector3(...limits.max));
        this.box.copy(this.#limits);
        this.group.add(new Box3Helper(this.box, new Color(0x6ea8fe)));
        const sphere = new SphereGeometry(1, 16, 12);
        for (const end of ["min", "max"]) {
            for (const axis of AXES) {
                const mesh = new Mesh(sphere, new MeshBasicMaterial({color: 0x6ea8fe, depthTest: false}));
                mesh.renderOrder = 1;
                this.#handles.push({mesh, end, axis});
                this.group.add(mesh);
            }
        }
    }

    get limits() {
        return this.#limits;
    }

    /** As the protocol has it. */
    get crop() {
        return {min: this.box.min.toArray(), max: this.box.max.toArray()};
    }

    /** Moves a face, as far as the other side and the limits let it. */
    move(end, axis, value) {
        const {min, max} = this.box;
        const thinnest = (this.#limits.max[axis] - this.#limits.min[axis]) / 200;
        this.box[end][axis] = end === "min"
                ? Math.max(this.#limits.min[axis], Math.min(value, max[axis] - thinnest))
                : Math.min(this.#limits.max[axis], Math.max(value, min[axis] + thinnest));
        this.dispatchEvent(new Event("change"));
    }

    reset() {
        this.box.copy(this.#limits);
        this.dispatchEvent(new Event("change"));
    }

    #place({end, axis}) {
        const point = this.box.getCenter(new Vector3());
        point[axis] = this.box[end][axis];
        return point;
    }

    /** Handles have the same size on the screen wherever they are. */
    update(eye, height) {
        const pixel = 2 * Math.tan(eye.fov * Math.PI / 360) / height;
        for (const handle of this.#handles) {
            handle.mesh.position.copy(this.#place(handle));
            handle.mesh.scale.setScalar(HANDLE_PIXELS * pixel * Math.max(1e-6, handle.mesh.position.clone()
                .sub(eye.position).dot(eye.forward)));
        }
    }

    /** Whether a handle is there. */
    near(overlay, x, y) {
        return this.group.visible && this.#nearest(overlay, x, y) !== null;
    }

    #nearest(overlay, x, y) {
        let found = null;
        let least = GRAB_PIXELS;
        for (const handle of this.#handles) {
            const seen = overlay.screen(this.#place(handle));
            const distance = seen === null ? Infinity : Math.hypot(seen.x - x, seen.y - y);
            if (distance < least) {
                least = distance;
                found = handle;
            }
        }
        return found;
    }

    /** Takes the handle at a point of the canvas: what moves it then, or null if there is none. */
    grab(overlay, x, y) {
        const handle = this.group.visible ? this.#nearest(overlay, x, y) : null;
        if (handle === null) {
            return null;
        }
        const offset = this.#along(handle, overlay.ray(x, y)) - this.box[handle.end][handle.axis];
        return (toX, toY) => {
            const value = this.#along(handle, overlay.ray(toX, toY)) - offset;
            if (Number.isFinite(value)) {
                this.move(handle.end, handle.axis, value);
            }
        };
    }

    /** The coordinate of the point on the handle's axis that is nearest to a ray. */
    #along(handle, ray) {
        const origin = this.#place(handle);
        const axis = new Vector3(...AXES.map((name) => name === handle.axis ? 1 : 0));
        const between = ray.origin.clone().sub(origin);
        const b = axis.dot(ray.direction);
        const along = (axis.dot(between) - b * ray.direction.dot(between)) / (1 - b * b);
        return origin[handle.axis] + along;
    }
}
