#!/usr/bin/env python3
"""Mutation testing of the native code: does the suite notice when one operator of cpp/math or cpp/cpu is another one?

usage, after `mvn package`: mutants.py [--mutants 200] [--seed 1] [--workers 2] [--again]

Operators of one kind are exchanged: + - * /, the comparisons, && ||, & | ^, << >>, += -= *=, ++ --; a ! is left out.
Binary operators are known by the blanks around them, so that template brackets, pointers and references stay.

A mutant is compiled (at -Og: a third of the time) for one instruction set first, linked with the other objects as they
are, and java/core's tests run until one fails. What survives is compiled for all sets and tested again, then with the
studio's training. A failing test, a crash of the JVM, a loop or a wait without end kill. Draws that do not compile, or
give the original's objects, byte for byte, as they are tested or as they are shipped, are replaced and do not count.

Finished mutants are kept in java/core/target/mutants/<sources>, so that a run can be ended and begun again; a change of
the sources begins a new one. --again tests the survivors again, after tests were added. The report is printed, and
<seed>.json has all of it. On Linux, with what the build needs, and a processor that has every instruction set.
"""
import argparse, hashlib, json, os, random, re, resource, shlex, shutil, signal, subprocess, sys, threading, time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KINDS = ["+ - * /", "< <= > >= == !=", "&& ||", "& | ^", "<< >>", "+= -= *=", "++ --"]
EXCHANGE = {a: [b for b in kind.split() if b != a] for kind in KINDS for a in kind.split()} | {"!": [""]}
TOKEN = re.compile(r"<<=|>>=|->|\+\+|--|&&|\|\||<<|>>|[-+*/%&|^<>=!]=?")
HIDDEN = re.compile(  # comments, strings, characters, preprocessor lines
    r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|^[ \t]*#(?:\\\n|[^\n])*', re.S | re.M)

FIRST_SET = "kernels avx512bf16"  # the instruction set that is tested first: it has both precisions
# The tests most likely to notice a change in some files, after one of the file's own name. All others follow.
NOTICE = {
    "NetworkTest": "activation exponential gemm lanes mlp", "CompositingTest": "components exponential",
    "MarchingTest": "batch components", "RenderTest": "batch road", "TrainingStepTest": "batch pixel road train",
    "CameraRaysTest": "camera components", "LossTest": "components", "ResampleTest": "components resampling",
    "IntegratedFrequencyTest": "contraction encoding exponential sine", "FrustumTest": "components",
    "HistogramsTest": "components distortion proposal", "DilationTest": "components",
    "TrainerTest": "camera occupancy", "RandomDrawsTest": "occupancy random", "OptimizerTest": "adam",
    "CompositeTest": "encoding", "GridTest": "encoding", "FrequencyTest": "sine scalar", "TriangleWaveTest": "scalar",
    "IdentityTest": "coordinate", "InstructionSetsTest": "backend", "DeterminismTest": "exec", "LifetimeTest": "exec",
    "BiasTest": "mlp", "SkipConnectionTest": "mlp", "RadianceFieldTest": "module", "ModelTest": "module",
}
NOT_NATIVE = {"LoaderTest", "JsonTest"}  # the first is about the library in the jar
STUDIO = ["org.eikonal.studio.run.TrainingTest"]  # not KillAndResumeTest, which a busy machine makes fail


def sites(path):
    """(file, offset, operator) of every operator that can be exchanged."""
    text = HIDDEN.sub(lambda m: re.sub(r"[^\n]", "_", m[0]), path.read_text())
    for m in TOKEN.finditer(text):
        apart = text[m.start() - 1].isspace() and text[m.end()].isspace()
        if m[0] in EXCHANGE and (apart or m[0] in ("!", "++", "--")):
            yield str(path.relative_to(ROOT)), m.start(), m[0]


def draws(seed):
    """Mutants (file, offset, operator, other) in the order of the seed, none twice."""
    files = sorted(p for d in ("cpp/math", "cpp/cpu") for p in (ROOT / d).iterdir() if p.suffix in (".h", ".cpp"))
    every, rng, seen = [site for file in files for site in sites(file)], random.Random(seed), set()
    while len(seen) < sum(len(EXCHANGE[op]) for _, _, op in every):
        file, at, op = rng.choice(every)
        mutant = (file, at, op, rng.choice(EXCHANGE[op]))
        if mutant not in seen:
            seen.add(mutant)
            yield mutant


class Build:
    """Commands and unmutated objects of the JNI library, from CMakeLists.txt."""

    def __init__(self, folder):
        self.originals = folder / "original"
        self.originals.mkdir(parents=True, exist_ok=True)
        java = Path(shutil.which("javac")).resolve().parents[1]
        definitions = {"EIK_JNI_SOURCE": ROOT / "java/core/target/javacpp/jni/jnieikonal.cpp", "EIK_JNI_OUTPUT": folder,
                       "EIK_JAVA_HOME": java, "CMAKE_EXPORT_COMPILE_COMMANDS": "ON"}
        subprocess.run(["cmake", "-S", ROOT, "-B", folder / "build", *(f"-D{k}={v}" for k, v in definitions.items())],
                       check=True, stdout=subprocess.DEVNULL)
        self.commands = {}
        for entry in json.loads((folder / "build/compile_commands.json").read_text()):
            isa = re.search(r"-DEIK_ISA=(\w+)", entry["command"])
            self.commands[Path(entry["file"]).stem + (" " + isa[1] if isa else "")] = shlex.split(entry["command"])

    def compile(self, unit, tree, to, optimize):
        command = [a.replace(f"{ROOT}/cpp", f"{tree}/cpp").replace("-O3", optimize) for a in self.commands[unit]]
        command[command.index("-o") + 1] = str(to)
        return subprocess.run([*command, "-w"], cwd=tree, stderr=subprocess.DEVNULL).returncode == 0

    def original(self, unit, optimize):
        """The unmutated object, compiled at the first call."""
        object = self.originals / f"{unit.replace(' ', '-')}{optimize}.o"
        if not object.exists():
            new = object.with_suffix(f".{threading.get_ident()}")
            if not self.compile(unit, ROOT, new, optimize):
                sys.exit(f"{unit} does not compile without a mutant")
            new.rename(object)
        return object

    def changed(self, unit, tree, to, optimize):
        """Whether the tree's object differs from the original; None: it does not compile."""
        if self.compile(unit, tree, to, optimize):
            return to.read_bytes() != self.original(unit, optimize).read_bytes()

    def link(self, mutated, library):
        objects = [mutated.get(unit) or self.original(unit, "-Og") for unit in self.commands]
        subprocess.run([self.commands["exec"][0], "-fPIC", "-shared", "-Wl,-z,defs", "-Wl,--exclude-libs,ALL",
                        f"-Wl,--version-script={ROOT}/cpp/jni/exports.map", "-o", library, *objects], check=True)

    def stages(self, file):
        """What to compile anew: the first set, then all the rest. Of the core, one file calls the maths."""
        if file.endswith(".cpp") and Path(file).stem in self.commands:
            return [[Path(file).stem]]
        rest = [unit for unit in self.commands if unit.startswith("kernels") and unit != FIRST_SET]
        return [[FIRST_SET], rest + (["config"] if "/math/" in file else [])]


class Tests:
    """JUnit's console launcher on the compiled tests, ended by the first failure."""

    def __init__(self, folder):
        jars, version = folder / "classpath", re.search(r"<junit.version>(.*?)<", (ROOT / "pom.xml").read_text())[1]
        if not jars.exists():
            console = f"-Dartifact=org.junit.platform:junit-platform-console-standalone:{version}"
            mvn = ["mvn", "-q", "-f", ROOT, "-pl", "java/core"]
            for goal in (["dependency:copy", console, f"-DoutputDirectory={folder}"],
                         ["dependency:build-classpath", "-Dmdep.includeScope=test", f"-Dmdep.outputFile={jars}"]):
                subprocess.run(mvn + goal, check=True, stdout=subprocess.DEVNULL)
        built = [ROOT / "java" / m / "target" / c for m in ("core", "studio") for c in ("classes", "test-classes")]
        studio = (ROOT / "java/studio/target/lib").glob("*.jar")
        self.path = ":".join(map(str, [*folder.glob("*.jar"), *built, jars.read_text(), *studio]))
        self.core = sorted(".".join(p.relative_to(built[1]).with_suffix("").parts)
                           for p in built[1].rglob("*Test.class") if p.stem not in NOT_NATIVE)
        self.limit = 600  # seconds of processor time

    def run(self, library, classes):
        """What kills the library, or None."""
        limits = f'ulimit -t {self.limit} -v {12 << 20}; exec "$0" "$@"'
        command = ["bash", "-c", limits, "java", "-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
                   "-XX:-CreateCoredumpOnCrash", "-Djava.awt.headless=true", f"-Deikonal.library={library}", "-cp",
                   self.path, "org.junit.platform.console.ConsoleLauncher", "execute", "--fail-fast",
                   "--disable-banner", "--details=none", *(f"--select-class={name}" for name in classes)]
        output = library.with_suffix(".txt")
        process = subprocess.Popen(command, cwd=library.parent, stdout=output.open("w"), stderr=subprocess.STDOUT)
        used, moved = 0, time.time()  # who does not compute for half a minute waits for ever
        while process.poll() is None:
            time.sleep(0.1)
            ticks = sum(map(int, Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[11:13]))
            if ticks > used + 20:
                used, moved = ticks, time.time()
            elif time.time() > moved + 30:
                process.kill()
        if process.returncode in (0, -signal.SIGXCPU, -signal.SIGKILL):
            return "no end" if process.returncode else None
        text = output.read_text(errors="replace")
        if failed := re.search(r"JUnit Jupiter:(.*)", text):
            return failed[1]
        return "crash" if process.returncode < 0 or "fatal error" in text else sys.exit(f"the tests do not run: {text}")

    def ordered(self, file):
        stem = Path(file).stem
        first = [stem.title().replace("_", "") + "Test", *(test for test in NOTICE if stem in NOTICE[test].split())]
        return sorted(self.core, key=lambda name: [*first, name.split(".")[-1]].index(name.split(".")[-1]))


def judge(build, tests, tree, mutant):
    """(status, by what) of one mutant, made in a tree of its own."""
    file, at, op, other = mutant
    text = (ROOT / file).read_text()
    (tree / file).write_text(text[:at] + other + text[at + len(op):])
    library, mutated = tree / "library.so", {}
    for units in build.stages(file):
        objects = {unit: tree / f"{unit.replace(' ', '-')}.o" for unit in units}
        changed = {unit: build.changed(unit, tree, object, "-Og") for unit, object in objects.items()}
        if None in changed.values():
            return "uncompilable", None
        if any(changed.values()):
            mutated |= {unit: objects[unit] for unit in units if changed[unit]}
            build.link(mutated, library)
            if by := tests.run(library, tests.ordered(file)):
                return "killed", by
    if not any(build.changed(unit, tree, tree / "shipped.o", "-O3") for unit in mutated):
        return "equivalent", None
    by = tests.run(library, STUDIO)
    return ("killed", by) if by else ("survived", None)


def describe(mutant):
    file, at, op, other = mutant
    text = (ROOT / file).read_text()
    begin, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
    return {"key": mutant, "file": file, "line": text.count("\n", 0, at) + 1, "original": text[begin:end].strip(),
            "mutant": (text[begin:at] + other + text[at + len(op):end]).strip()}


def report(results, file):
    count = {s: sum(r["status"] == s for r in results) for s in ("killed", "survived", "uncompilable", "equivalent")}
    file.write_text(json.dumps({**count, "mutants": results}, indent=1) + "\n")
    print("{killed} die, {survived} survive; {uncompilable} do not compile, {equivalent} are the same objects.\n\n"
          "| where | original | mutant |\n|---|---|---|".format(**count))
    for survivor in (r for r in results if r["status"] == "survived"):
        print("| {file}:{line} | `{original}` | `{mutant}` |".format(**survivor))


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--mutants", type=int, default=200)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--again", action="store_true", help="test those again that survived")
    options = options.parse_args()
    os.nice(10)
    text = b"".join(p.read_bytes() for p in sorted((ROOT / "cpp").rglob("*")) if p.suffix in (".h", ".cpp"))
    folder = ROOT / "java/core/target/mutants" / hashlib.sha256(text).hexdigest()[:8]
    build, tests = Build(folder), Tests(folder)
    build.link({}, folder / "library.so")
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    if by := tests.run(folder / "library.so", tests.core):
        sys.exit(f"the suite fails without a mutant: {by}")
    tests.limit = 15 + 2 * int(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before)

    kept = folder / f"{options.seed}.kept"
    known = {tuple(r["key"]): r for r in map(json.loads, kept.read_text().splitlines())} if kept.exists() else {}
    lock, upcoming, results = threading.Lock(), enumerate(draws(options.seed)), {}

    def work(worker):
        tree = folder / f"tree{worker}"
        while True:
            with lock:
                counted = sum(r["status"] in ("killed", "survived") for r in results.values())
                number, mutant = next(upcoming, (None, None))
                if mutant is None or counted >= options.mutants:
                    return
                result = known.get(mutant)
            if not result or options.again and result["status"] == "survived":
                shutil.rmtree(tree, ignore_errors=True)
                shutil.copytree(ROOT / "cpp", tree / "cpp")
                began = time.time()
                status, by = judge(build, tests, tree, mutant)
                result = {**describe(mutant), "status": status, "by": by, "seconds": round(time.time() - began, 1)}
                with lock, kept.open("a") as log:
                    log.write(json.dumps(result) + "\n")
                print("{number} {status} {by}: {file}:{line} {mutant}".format(number=number, **result), flush=True)
            with lock:
                results[number] = result

    with ThreadPoolExecutor(options.workers) as pool:
        list(pool.map(work, range(options.workers)))
    report([results[i] for i in sorted(results)], kept.with_suffix(".json"))


if __name__ == "__main__":
    main()
