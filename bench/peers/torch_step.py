"""The (step) of bench/cuda in PyTorch: a hash grid by gathers, a network 64 wide in bf16, L2 loss, Adam; plain PyTorch, once as
it stands and once through torch.compile. Writes JSON after each measurement, so that what is done stays if time runs out.
"""
import argparse
import json
import math
import os
import statistics
import time

try:
    import torch
except ImportError:
    torch = None

LEVELS, FEATURES, LOG2_SIZE, BASE, WIDTH, OUTPUTS = 16, 2, 19, 16, 64, 3
PRIMES = (1, 2654435761, 805459861)


def levels(dims, growth):
    """(scale, strides or None where hashed, entries, first entry) of each level, as tiny-cuda-nn lays them out."""
    out, first = [], 0
    for level in range(LEVELS):
        scale = BASE * growth**level - 1
        side = math.ceil(scale) + 1
        dense = side**dims <= 1 << LOG2_SIZE
        entries = -(-(side**dims) // 8) * 8 if dense else 1 << LOG2_SIZE
        out.append((scale, [side**d for d in range(dims)] if dense else None, entries, first))
        first += entries
    return out, first


def make_field(dims, growth, device):
    class Field(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.levels, entries = levels(dims, growth)
            self.table = torch.nn.Parameter((torch.rand(entries, FEATURES, device=device) * 2 - 1) * 1e-4)
            widths = [LEVELS * FEATURES, WIDTH, WIDTH, OUTPUTS]
            self.layers = torch.nn.ModuleList(
                torch.nn.Linear(i, o, bias=False, device=device) for i, o in zip(widths, widths[1:]))
            self.register_buffer(
                "corners", torch.tensor([[c >> d & 1 for d in range(dims)] for c in range(1 << dims)], device=device))

        def encode(self, x):
            features = []
            for scale, strides, entries, first in self.levels:
                position = x * scale + 0.5
                cell = position.floor()
                part = (position - cell)[:, None, :]
                vertex = cell.long()[:, None, :] + self.corners
                if strides:
                    index = sum(vertex[..., d] * strides[d] for d in range(dims))
                    index = torch.where(index >= entries, index - entries, index)
                else:
                    index = vertex[..., 0]
                    for d in range(1, dims):
                        index = index ^ vertex[..., d] * PRIMES[d]
                    index = index & entries - 1
                weight = torch.where(self.corners.bool(), part, 1 - part).prod(-1)
                rows = self.table.index_select(0, (index + first).reshape(-1)).view(*index.shape, FEATURES)
                features.append((rows * weight[..., None]).sum(1))
            return torch.cat(features, 1)

        def forward(self, x):
            h = self.encode(x)
            with torch.autocast("cuda" if x.is_cuda else "cpu", dtype=torch.bfloat16):
                for layer in self.layers[:-1]:
                    h = torch.relu(layer(h))
                return self.layers[-1](h).float()

    return Field()


def timed(step, seconds, cuda):
    """The median of many steps in ms."""
    for _ in range(3):
        step()
    times, end = [], time.monotonic() + seconds
    while len(times) < 5 or (time.monotonic() < end and len(times) < 200):
        if cuda:
            begin, done = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
            begin.record()
            step()
            done.record()
            done.synchronize()
            times.append(begin.elapsed_time(done))
        else:
            begin = time.perf_counter()
            step()
            times.append((time.perf_counter() - begin) * 1e3)
    return statistics.median(times), min(times), len(times)


def measure(dims, growth, points, compiled, seconds, device):
    torch.manual_seed(1)
    field = make_field(dims, growth, device)
    call = torch.compile(field, dynamic=False) if compiled else field
    cuda = device == "cuda"
    adam = torch.optim.Adam(field.parameters(), lr=1e-2, betas=(0.9, 0.99), eps=1e-15, fused=cuda)
    x, target = torch.rand(points, dims, device=device), torch.rand(points, OUTPUTS, device=device)
    loss = None

    def step():
        nonlocal loss
        adam.zero_grad(set_to_none=True)
        loss = torch.nn.functional.mse_loss(call(x), target)
        loss.backward()
        adam.step()

    begin = time.monotonic()
    step()
    if cuda:
        torch.cuda.synchronize()
        torch.cuda.reset_peak_memory_stats()
    first = time.monotonic() - begin
    median, fastest, steps = timed(step, seconds, cuda)
    return {
        "what": f"HashGrid {dims}-D L{LEVELS} F{FEATURES} T2^{LOG2_SIZE}, {WIDTH} x2, L2, Adam",
        "how": "torch.compile" if compiled else "eager", "n": points, "ms": median, "ms_fastest": fastest, "steps": steps,
        "per_s": points / median * 1e3, "first_step_s": first, "loss": loss.item(),
        "memory_bytes": torch.cuda.max_memory_allocated() if cuda else None,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", required=True, help="where the JSON goes")
    parser.add_argument("--seconds", type=float, default=60, help="no measurement begins after as many")
    parser.add_argument("--points", type=int, default=1 << 18)
    parser.add_argument("--device", default="cuda")
    options = parser.parse_args()
    start = time.monotonic()
    result = {"torch": torch and torch.__version__, "measured": []}

    def save():
        done = result["measured"]
        result["summary"] = "; ".join(
            f"{m['what'].split(',')[0].split(' L')[0]} {m['how']} "
            + (f"{m['ms']:.3f} ms" if "ms" in m else m["failed"][:80]) for m in done).replace('"', "'")
        with open(options.out + ".part", "w") as file:
            json.dump(result, file, indent=1)
        os.replace(options.out + ".part", options.out)

    if torch is None or (options.device == "cuda" and not torch.cuda.is_available()):
        result["skipped"] = "no torch" if torch is None else "torch has no CUDA device"
        save()
        print(f"skipped: {result['skipped']}")
        return
    for compiled in (False, True):
        for dims, growth in ((3, 1.3819), (2, 1.5)):
            if time.monotonic() - start > options.seconds * 0.8:
                break
            try:
                one = measure(dims, growth, options.points, compiled, options.seconds / 12, options.device)
            except Exception as error:  # a compiler that is missing must not take the rest along
                one = {"what": f"HashGrid {dims}-D", "how": "torch.compile" if compiled else "eager",
                       "failed": f"{type(error).__name__}: {error}".splitlines()[0]}
            result["measured"].append(one)
            print(one, flush=True)
            save()


if __name__ == "__main__":
    main()
