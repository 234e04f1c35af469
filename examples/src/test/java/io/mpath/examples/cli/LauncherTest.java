package io.mpath.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The launcher, in a tree with stand-ins for Java and Maven. */
@Timeout(60)
class LauncherTest {
    private static final List<String> BARE_MACHINE =
            List.of("dirname", "readlink", "grep", "head", "find", "flock", "mkdir", "touch");

    @TempDir
    Path directory;

    private Path root;
    private Path programs;

    @BeforeEach
    void makeTree() throws IOException {
        root = Files.createDirectories(directory.resolve("clone"));
        programs = Files.createDirectories(directory.resolve("programs"));
        Files.createDirectories(root.resolve("examples/src/main"));
        Files.writeString(root.resolve("pom.xml"), "");
        Files.writeString(root.resolve("examples/pom.xml"), "");
        Files.writeString(root.resolve("examples/src/main/Source.java"), "");
        Files.copy(Path.of("mpath"), root.resolve("examples/mpath"), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        for (String program : BARE_MACHINE) {
            install(program, "exec $(PATH=/usr/bin:/bin type -P " + program + ") \"$@\"");
        }
    }

    private void install(String program, String script) throws IOException {
        Path file = Files.writeString(programs.resolve(program), "#!/bin/bash\n" + script + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private void installJava(int version) throws IOException {
        install(
                "java",
                "[ \"$1\" != -version ] && echo \"ran $*\" || echo 'openjdk version \"" + version + ".0.1\"' >&2");
        install("javac", "echo 'javac " + version + ".0.1'");
    }

    private void installMaven() throws IOException {
        install("mvn", "mkdir -p examples/target; touch examples/target/mpath.jar; echo 'Maven ran' >&2");
    }

    private CommandRun launch(Path launcher) throws IOException, InterruptedException {
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        var builder = new ProcessBuilder("/bin/bash", launcher.toString(), "list", "--json")
                .directory(Path.of("/").toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", programs.toString());
        int status = builder.start().waitFor();
        return new CommandRun(
                status, Files.readString(out, StandardCharsets.UTF_8), Files.readString(err, StandardCharsets.UTF_8));
    }

    private CommandRun launch() throws IOException, InterruptedException {
        return launch(root.resolve("examples/mpath"));
    }

    @Test
    void cleanCloneIsBuiltAndRun() throws Exception {
        installJava(17);
        installMaven();

        CommandRun run = launch();

        assertThat(run.err()).contains("Maven ran");
        assertThat(run.out()).contains("ran --enable-native-access=ALL-UNNAMED", "mpath.jar list --json");
        assertThat(run.status()).isZero();
    }

    @Test
    void whatIsBuiltIsNotBuiltAgain() throws Exception {
        installJava(17);
        installMaven();
        launch();

        assertThat(launch().err()).isEmpty();
    }

    @Test
    void changedSourceIsBuiltAgain() throws Exception {
        installJava(17);
        installMaven();
        launch();
        Files.setLastModifiedTime(
                root.resolve("examples/src/main/Source.java"),
                FileTime.from(Instant.now().plusSeconds(60)));

        assertThat(launch().err()).contains("Maven ran");
    }

    @Test
    void linkToTheLauncherWorks() throws Exception {
        installJava(17);
        installMaven();

        CommandRun run = launch(Files.createSymbolicLink(directory.resolve("link"), root.resolve("examples/mpath")));

        assertThat(run.out()).contains("mpath.jar list --json");
    }

    @Test
    void missingJavaIsOneLine() throws Exception {
        installMaven();

        assertMissing(launch(), "Java 17 or later is missing: apt-get install openjdk-17-jdk-headless");
    }

    @Test
    void oldJavaIsOneLine() throws Exception {
        installJava(11);
        installMaven();

        assertMissing(launch(), "Java 17 or later is missing: apt-get install openjdk-17-jdk-headless");
    }

    @Test
    void missingMavenIsOneLine() throws Exception {
        installJava(17);

        assertMissing(launch(), "apt-get install maven");
    }

    @Test
    void missingCompilerIsOneLine() throws Exception {
        installJava(17);
        installMaven();
        Files.delete(programs.resolve("javac"));

        assertMissing(launch(), "a JDK of version 17 or later is missing");
    }

    @Test
    void failedBuildIsToldAndNothingIsRun() throws Exception {
        installJava(17);
        install("mvn", "exit 1");

        CommandRun run = launch();

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("the build failed");
        assertThat(run.out()).isEmpty();
    }

    private static void assertMissing(CommandRun run, String hint) {
        assertThat(run.err()).contains(hint).hasLineCount(1);
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
    }
}
