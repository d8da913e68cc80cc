import {
    BufferAttribute, BufferGeometry, Color, DoubleSide, Group, LineBasicMaterial, LineSegments, Mesh, MeshBasicMaterial,
    SRGBColorSpace, Texture, Vector3,
} from "./three.js";
import {api} from "./api.js";

const MOST_THUMBNAILS = 300;
const LOADING_AT_ONCE = 3;
const COLORS = {train: new Color(0x7d93ad), val: new Color(0xe0a95c), test: new Color(0xe0a95c)};
const POINTED = new Color(0xffffff);
/** Cameras nearer than this are not shown, in lengths of a pyramid. */
const NEAR = 2;
const FACES = [[0, 1, 2], [0, 2, 3], [0, 3, 4], [0, 4, 1], [1, 2, 3], [1, 3, 4]];
const EDGES = [0, 1, 0, 2, 0, 3, 0, 4, 1, 2, 2, 3, 3, 4, 4, 1];

/** Apex and the four corners (around, from the top left) of a camera's pyramid, in world units. */
export function pyramid(pose, tangentX, tangentY, depth, shiftX = 0, shiftY = 0) {
    const at = (x, y, z) => new Vector3(pose[0] * x + pose[1] * y + pose[2] * z + pose[3],
            pose[4] * x + pose[5] * y + pose[6] * z + pose[7], pose[8] * x + pose[9] * y + pose[10] * z + pose[11]);
    const corner = (x, y) => at((x * tangentX + shiftX) * depth, (y * tangentY + shiftY) * depth, -depth);
    return [at(0, 0, 0), corner(-1, 1), corner(1, 1), corner(1, -1), corner(-1, -1)];
}

/** The edges of pyramids as line segments. */
export function edges(pyramids) {
    const positions = new Float32Array(pyramids.length * EDGES.length * 3);
    pyramids.forEach((points, which) => EDGES.forEach((corner, place) =>
        points[corner].toArray(positions, (which * EDGES.length + place) * 3)));
    return new BufferGeometry().setAttribute("position", new BufferAttribute(positions, 3));
}

/** The cameras of the photos, each with its photo if that is wished. */
export class Frusta {
    #views;
    #pyramids;
    #lines;
    #thumbnails = new Group();
    #loaded = false;
    #size;
    #pointed = -1;
    #near = new Set();
    #redraw;

    group = new Group();

    /**
     * @param size how long the pyramids are, in world units
     * @param redraw called when what is drawn changed
     */
    constructor(views, size, redraw) {
        this.#redraw = redraw;
        this.#views = views;
        this.#size = size;
        this.#pyramids = views.map((view) => pyramid(view.pose, view.width / 2 / view.fx,
                view.height / 2 / view.fy, size,
                (view.width / 2 - view.cx) / view.fx, (view.cy - view.height / 2) / view.fy));
        const geometry = edges(this.#pyramids);
        geometry.setAttribute("color",
                new BufferAttribute(new Float32Array(geometry.getAttribute("position").count * 4), 4));
        this.#lines = new LineSegments(geometry, new LineBasicMaterial(
                {vertexColors: true, transparent: true, opacity: 0.55}));
        views.forEach((_, which) => this.#paint(which));
        this.#thumbnails.visible = false;
        this.group.add(this.#lines, this.#thumbnails);
    }

    #paint(which) {
        const colors = this.#lines.geometry.getAttribute("color");
        const color = which === this.#pointed ? POINTED : COLORS[this.#views[which].split] ?? COLORS.train;
        const alpha = this.#near.has(which) ? 0 : 1;
        for (let place = which * EDGES.length; place < (which + 1) * EDGES.length; place++) {
            colors.setXYZW(place, color.r, color.g, color.b, alpha);
        }
        colors.needsUpdate = true;
        this.#redraw();
    }

    /** Marks the camera that is pointed at: an index into the views, or -1. */
    point(which) {
        const before = this.#pointed;
        if (which !== before) {
            this.#pointed = which;
            [before, which].filter((one) => one >= 0).forEach((one) => this.#paint(one));
        }
    }

    /** The nearest camera whose pyramid a ray meets: an index into the views, or -1. */
    hit(ray) {
        let nearest = Infinity;
        let found = -1;
        const at = new Vector3();
        this.#pyramids.forEach((corners, which) => {
            const distance = corners[0].distanceTo(ray.origin);
            if (!this.#near.has(which) && distance < nearest && FACES.some(([a, b, c]) =>
                    ray.intersectTriangle(corners[a], corners[b], corners[c], false, at))) {
                nearest = distance;
                found = which;
            }
        });
        return found;
    }

    /** Shows the photos in their pyramids, or takes them away. */
    showThumbnails(visible) {
        this.#thumbnails.visible = visible;
        if (visible && !this.#loaded) {
            this.#loaded = true;
            const every = Math.ceil(this.#views.length / MOST_THUMBNAILS);
            const wanted = this.#views.map((_, which) => which).filter((which) => which % every === 0);
            for (let line = 0; line < LOADING_AT_ONCE; line++) {
                this.#load(wanted);
            }
        }
    }

    async #load(wanted) {
        for (let which = wanted.shift(); which !== undefined; which = wanted.shift()) {
            const photo = new Image();
            photo.src = api.photo(this.#views[which].index, 128);
            const there = await photo.decode().then(() => true, () => false);
            if (there) {
                this.#hang(which, photo);
            }
        }
    }

    #hang(which, photo) {
        const texture = new Texture(photo);
        texture.colorSpace = SRGBColorSpace;
        texture.needsUpdate = true;
        const geometry = new BufferGeometry().setFromPoints(this.#pyramids[which].slice(1));
        geometry.setAttribute("uv", new BufferAttribute(new Float32Array([0, 1, 1, 1, 1, 0, 0, 0]), 2));
        geometry.setIndex([0, 3, 2, 0, 2, 1]);
        const mesh = new Mesh(geometry, new MeshBasicMaterial({map: texture, side: DoubleSide}));
        mesh.userData.which = which;
        this.#thumbnails.add(mesh);
        this.#redraw();
    }

    /** Cameras that one stands in, or nearly, would hide the scene. */
    update(eye) {
        this.#pyramids.forEach(([apex], which) => {
            const near = apex.distanceTo(eye.position) < NEAR * this.#size;
            if (near !== this.#near.has(which)) {
                near ? this.#near.add(which) : this.#near.delete(which);
                this.#paint(which);
            }
        });
        for (const mesh of this.#thumbnails.children) {
            mesh.visible = !this.#near.has(mesh.userData.which);
        }
    }
}
