import {BufferGeometry, Group, Line, LineBasicMaterial, LineSegments, Vector3} from "./three.js";
import {edges, pyramid} from "./frusta.js";

const KEYFRAME = 0xff6fae;

/** The keyframes of a film, and the curve that the camera takes through them. */
export class FilmLine {
    #keyframes = new LineSegments(new BufferGeometry(), new LineBasicMaterial({color: KEYFRAME}));
    #curve = new Line(new BufferGeometry(),
            new LineBasicMaterial({color: KEYFRAME, transparent: true, opacity: 0.7}));
    #size;

    group = new Group();

    /** @param size how long a keyframe's pyramid is, in world units */
    constructor(size) {
        this.#size = size;
        this.group.add(this.#keyframes, this.#curve);
        this.#keyframes.frustumCulled = false;
        this.#curve.frustumCulled = false;
    }

    /** @param aspect width over height of the film */
    show({keyframes, frames}, aspect) {
        this.#keyframes.geometry.dispose();
        this.#keyframes.geometry = edges(keyframes.map(({pose, fov}) => {
            const tangent = Math.tan(fov * Math.PI / 360);
            return pyramid(pose, tangent * aspect, tangent, this.#size);
        }));
        this.#curve.geometry.dispose();
        this.#curve.geometry = new BufferGeometry().setFromPoints(
                frames.map(({pose}) => new Vector3(pose[3], pose[7], pose[11])));
    }
}
