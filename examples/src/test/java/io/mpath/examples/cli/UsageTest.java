package io.mpath.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong usage: exit status 2, nothing done, and one line that says what is wrong and how to mend it. */
class UsageTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    io                                            | no device is given
                    io naa.6001405f00000000                       | 'mpath list' shows
                    io naa.12 --path FILE                         | 'naa.12' is no device identity
                    io disk1 --path FILE --id disk1               | leave out one of them
                    io --path FILE                                | add --id ID
                    io --path FILE.missing --id x                 | truncate -s 64m
                    io --path DIRECTORY --id x                    | neither a file nor a block device
                    io --path FILE --id x --bs 5x                 | '5x' is no size
                    io --path FILE --id x --bs 0                  | choose a size such as 4k
                    io --path FILE --id x --bs 1000               | give a multiple of 512
                    io --path FILE --id x --rw sideways           | none of read, write, randread, randwrite, randrw
                    io --path FILE --id x --policy best           | choose one of numa, round-robin, queue-depth, service-time, historical-service-time, latency
                    io --path FILE --id x --no-path wait          | none of fail, queue and queue:TIME
                    io --path FILE --id x --no-path queue:soon    | 'soon' is no time
                    io --path FILE --id x --no-path queue:0s      | not positive
                    io --path FILE --id x --time 10y              | '10y' is no time
                    io --path FILE --id x --depth 0               | give 1 or more
                    io --path FILE --id x --threads 70000         | lower one of them
                    io --path FILE --id x --size 2m               | reach past the end of the device, 1048576 bytes
                    io --path FILE --id x --offset 2m             | reach past the end of the device
                    io --path FILE --id x --offset 100            | give a multiple of 512
                    io --path FILE --id x --rw randrw --verify --size 8k | raise --size or lower the others
                    io --path FILE --id x --verify                | choose write, randwrite or randrw
                    io --path FILE --id x --io-timeout 0s         | I/O time-out
                    io --path FILE --id x --hold long             | 'long' is no time
                    io --path FILE --id x --request-timeout 0s    | request time-out
                    io --path FILE --id x --script FILE.missing   | cannot read the script
                    io --path FILE --id x --reserve write-exclusive | --reserve needs --key KEY
                    io --path FILE --id x --key-per-path          | --key-per-path needs --key KEY
                    io --path FILE --id x --key 0                 | nobody is registered with key 0
                    io --path FILE --id x --frobnicate            | Unknown option: '--frobnicate'
                    reserve                                       | Missing required parameter
                    reserve report                                | no device is given
                    reserve report --key-per-path                 | --key-per-path is about this host's keys
                    reserve sideways --path FILE --id x           | none of register, reserve, release, preempt, clear, report
                    reserve register --path FILE --id x           | register needs --key KEY
                    reserve register --path FILE --id x --key 7   | '7' is not a reservation key
                    reserve register --path FILE --id x --key 0   | nobody is registered with key 0
                    reserve register --path FILE --id x --key 0x7 --type write-exclusive | --type TYPE has no meaning for register
                    reserve register --path FILE --id x --key 0x7 --new-key 0 --ignore   | --ignore is about
                    reserve reserve --path FILE --id x --key 0x7  | reserve needs --type TYPE
                    reserve reserve --path FILE --id x --key 0x7 --type none   | 'none' is not a reservation type
                    reserve preempt --path FILE --id x --key 0x7 --type write-exclusive  | preempt needs --victim KEY
                    reserve clear --path FILE --id x --key 0x7 --abort   | --abort is about preempt
                    reserve clear --path FILE --id x --key 0x7 --aptpl   | --aptpl is about register
                    reserve clear --path FILE --id x --key 0x7 --new-key 0x8   | --new-key is about register
                    reserve report --path FILE --id x --key 0x7   | --key KEY has no meaning for report
                    show                                          | no device is given
                    watch --path FILE                             | add --id ID
                    demo --seconds 0                              | choose 10, for instance
                    simulate                                      | Missing required option: '--seed=N'
                    simulate --seed 1 --count 0                   | choose 1000, for instance
                    simulate --seed 1 --options ports=9           | ports=9: give a number from 1 to 4
                    simulate --seed 1 --options policy=best       | give one of [numa, round-robin, queue-depth, service-time, historical-service-time, latency]
                    simulate --seed 1 --options colour=red        | names no option: write NAME=VALUE
                    simulate --seed 1 --options faults=rain       | 'rain' is no fault
                    decode                                        | Missing required parameters: 'KIND', 'FILE'
                    decode id-ctrl                                | Missing required parameter: 'FILE'
                    decode vpd84 FILE                             | 'vpd84' is none of inquiry, vpd80, vpd83
                    decode inquiry FILE.missing                   | name a file, or - for standard input
                    decode inquiry DIRECTORY                      | name a file, or - for standard input
                    decode sense FILE                             | RESPONSE CODE at byte 0: 00h is no format
                    frobnicate                                    | see 'mpath --help'
                    ""                                            | Missing required subcommand
                    """)
    void oneLineTellsHowToMendIt(String command, String hint) throws IOException {
        Path file = Files.write(directory.resolve("disk"), new byte[1 << 20]);
        String[] arguments = command.isEmpty()
                ? new String[0]
                : command.replace("FILE", file.toString())
                        .replace("DIRECTORY", directory.toString())
                        .split(" +");

        CommandRun run = CommandRun.of(arguments);

        assertThat(run.err()).startsWith("mpath").contains(hint).hasLineCount(1);
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(file).hasBinaryContent(new byte[1 << 20]);
    }

    @Test
    void wrongLineOfAScriptIsNamed() throws IOException {
        Path file = Files.write(directory.resolve("disk"), new byte[1 << 20]);
        Path script = Files.writeString(directory.resolve("story"), "write 0 4k 1\nwrite 2m 4k 1\n");

        CommandRun run = CommandRun.of("io", "--path", file.toString(), "--id", "x", "--script", script.toString());

        assertThat(run.err()).isEqualTo("mpath io: " + script + " line 2: the device ends at 1048576 bytes\n");
        assertThat(run.status()).isEqualTo(2);
        assertThat(file).hasBinaryContent(new byte[1 << 20]);
    }

    @Test
    void helpIsNoMistake() {
        CommandRun run = CommandRun.of("io", "--help");

        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("--unsafe-replay-unknown-writes", "UNSAFE", "--destroy-data");
    }
}
