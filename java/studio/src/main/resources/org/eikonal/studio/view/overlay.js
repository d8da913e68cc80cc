import {PerspectiveCamera, Raycaster, Scene, Vector2, WebGLRenderer} from "./three.js";

/**
 * The transparent picture above the streamed one: what is drawn in the scene, seen by the same camera. Where the
 * browser has no WebGL nothing is drawn, and all else works.
 */
export class Overlay {
    #renderer = null;
    #camera = new PerspectiveCamera();
    #caster = new Raycaster();
    #size = {width: 1, height: 1};
    #drawn = "";

    scene = new Scene();

    /** @param reach about how large the scene is, in world units */
    constructor(canvas, reach) {
        this.canvas = canvas;
        this.#camera.near = reach * 2e-3;
        this.#camera.far = reach * 200;
        try {
            this.#renderer = new WebGLRenderer({canvas, alpha: true, antialias: true});
            this.#renderer.setClearColor(0, 0);
        } catch {
            canvas.dataset.webgl = "none";
        }
    }

    get available() {
        return this.#renderer !== null;
    }

    resize(width, height) {
        this.#size = {width, height};
        this.#renderer?.setPixelRatio(Math.min(devicePixelRatio, 2));
        this.#renderer?.setSize(width, height, false);
        this.again();
    }

    /** What is drawn changed, though the eye did not move. */
    again() {
        this.#drawn = "";
    }

    /** Sees as the eye does. */
    look(eye) {
        const camera = this.#camera;
        camera.position.copy(eye.position);
        camera.quaternion.copy(eye.orientation);
        camera.fov = eye.fov;
        camera.aspect = this.#size.width / this.#size.height;
        camera.updateProjectionMatrix();
        camera.updateMatrixWorld();
    }

    /** Draws if anything changed since: on a machine without a GPU this takes time from training. */
    draw(visible) {
        const wanted = visible + this.#camera.matrixWorld.elements.join() + this.#camera.fov;
        if (wanted !== this.#drawn) {
            this.#drawn = wanted;
            this.scene.visible = visible;
            this.#renderer?.render(this.scene, this.#camera);
        }
    }

    /** The ray through a point of the canvas, in its CSS pixels. */
    ray(x, y) {
        this.#caster.setFromCamera(new Vector2(2 * x / this.#size.width - 1, 1 - 2 * y / this.#size.height),
                this.#camera);
        return this.#caster.ray;
    }

    /** Where a world point is on the canvas, in its CSS pixels; null behind the camera. */
    screen(point) {
        const seen = point.clone().project(this.#camera);
        return Math.abs(seen.z) > 1 ? null
                : new Vector2((seen.x + 1) / 2 * this.#size.width, (1 - seen.y) / 2 * this.#size.height);
    }
}
