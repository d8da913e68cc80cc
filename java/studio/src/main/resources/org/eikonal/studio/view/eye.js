import {Matrix4, Quaternion, Vector3} from "./three.js";

const STEEPEST = 0.9995;

/**
 * Where one looks from: a position, an orientation (OpenGL axes: x right, y up, looking along -z), a vertical field
 * of view in degrees, and the target, the point that orbits turn around. All turns are small rotations of what is
 * there, so that a photo taken with a tilted camera is left without a jump.
 */
export class Eye {
    position = new Vector3();
    orientation = new Quaternion();
    target = new Vector3();
    fov = 50;

    /** @param up the world's upward direction, a unit vector */
    constructor(up) {
        this.up = up;
    }

    get forward() {
        return new Vector3(0, 0, -1).applyQuaternion(this.orientation);
    }

    get right() {
        return new Vector3(1, 0, 0).applyQuaternion(this.orientation);
    }

    get above() {
        return new Vector3(0, 1, 0).applyQuaternion(this.orientation);
    }

    /** How far away the target is, along the line of sight: positive. */
    get depth() {
        return Math.max(1e-6, this.target.clone().sub(this.position).dot(this.forward));
    }

    /** Camera to world, 3x4, row-major. */
    get pose() {
        const e = new Matrix4().compose(this.position, this.orientation, new Vector3(1, 1, 1)).elements;
        return [e[0], e[4], e[8], e[12], e[1], e[5], e[9], e[13], e[2], e[6], e[10], e[14]];
    }

    copy(other) {
        this.position.copy(other.position);
        this.orientation.copy(other.orientation);
        this.target.copy(other.target);
        this.fov = other.fov;
        return this;
    }

    clone() {
        return new Eye(this.up).copy(this);
    }

    /** Stands where a pose says and keeps looking as far as before. */
    place(pose, fov = this.fov) {
        const depth = this.depth;
        const axes = new Matrix4().set(pose[0], pose[1], pose[2], 0, pose[4], pose[5], pose[6], 0,
                pose[8], pose[9], pose[10], 0, 0, 0, 0, 1);
        this.position.set(pose[3], pose[7], pose[11]);
        this.orientation.setFromRotationMatrix(axes).normalize();
        this.fov = fov;
        this.aim(depth);
        return this;
    }

    /** Puts the target so far ahead. */
    aim(depth) {
        this.target.copy(this.position).addScaledVector(this.forward, depth);
    }

    /** Looks at the target from where it stands, upright. */
    level() {
        this.aim(this.depth);
        const axes = new Matrix4().lookAt(this.position, this.target, this.up);
        this.orientation.setFromRotationMatrix(axes);
        return this;
    }

    /** Turns around the target (orbit) or on the spot: radians to the left, radians upward. */
    turn(left, upward, around) {
        const depth = this.depth;
        const forward = this.forward;
        const steep = forward.dot(this.up);
        const angle = Math.acos(Math.max(-1, Math.min(1, steep)));
        const limit = Math.acos(STEEPEST);
        const tilt = Math.max(Math.min(upward, angle - limit), angle - Math.PI + limit);
        const turn = new Quaternion().setFromAxisAngle(this.up, left)
            .multiply(new Quaternion().setFromAxisAngle(this.right, tilt));
        this.orientation.premultiply(turn).normalize();
        if (around) {
            this.position.sub(this.target).applyQuaternion(turn).add(this.target);
        } else {
            this.aim(depth);
        }
    }

    /** Moves with the target: world units to the right, upward and ahead, in the eye's own axes. */
    move(right, upward, ahead) {
        const step = this.right.multiplyScalar(right).addScaledVector(this.above, upward)
            .addScaledVector(this.forward, ahead);
        this.position.add(step);
        this.target.add(step);
    }

    /** Sees more (above 1) or less: a factor for the picture plane. */
    widen(factor) {
        this.fov = Math.min(140, Math.atan(Math.tan(this.fov * Math.PI / 360) * factor) * 360 / Math.PI);
    }

    /** Goes nearer to the target (factor below 1) or away from it. */
    approach(factor, nearest) {
        const depth = Math.max(nearest, this.depth * factor);
        this.position.copy(this.target).addScaledVector(this.forward, -depth);
    }
}
