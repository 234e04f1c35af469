package io.mpath.examples.cli;

import io.mpath.PageFormatException;
import io.mpath.examples.page.PageFields;
import io.mpath.examples.page.PageFile;
import io.mpath.examples.page.PageKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mpath decode}. */
@Command(
        name = "decode",
        description = "Tells what a page says that was read from a device.",
        mixinStandardHelpOptions = true)
final class DecodeCommand implements Callable<Integer> {
    private static final String STANDARD_INPUT = "-";

    private final Terminal terminal;

    @Parameters(
            index = "0",
            paramLabel = "KIND",
            converter = Converters.Page.class,
            description =
                    "inquiry, vpd80, vpd83, vpdb0, vpdb1, vpdb2, readcap16, rtpg, sense, pr-keys, pr-reservation, pr-capabilities,"
                            + " pr-full-status (SCSI), id-ctrl, id-ns, ns-descs, ana-log, resv-report (NVMe).")
    PageKind kind = PageKind.INQUIRY;

    @Parameters(
            index = "1",
            paramLabel = "FILE",
            description = "Raw bytes, or text of hexadecimal digits with comments from # on; - for standard input.")
    String file = STANDARD_INPUT;

    @Option(names = "--json", description = "One JSON document on standard output.")
    boolean json;

    DecodeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        PageFields fields = decode(read());
        terminal.out().print(json ? fields.toJson() + "\n" : fields.toText());
        terminal.out().flush();
        return ExitStatus.DONE;
    }

    private PageFields decode(ByteBuffer page) {
        try {
            return kind.decode(page);
        } catch (PageFormatException e) {
            throw new UsageException(
                    file + " is no " + kind + " page: " + e.getMessage() + "; give all bytes that the device returned",
                    e);
        }
    }

    private ByteBuffer read() {
        try {
            return file.equals(STANDARD_INPUT) ? PageFile.read(terminal.in()) : read(Path.of(file));
        } catch (IOException e) {
            throw new UsageException("cannot read " + file + ": " + e + "; name a file, or - for standard input", e);
        } catch (PageFile.SyntaxException e) {
            throw new UsageException(
                    file + " " + e.getMessage() + "; give raw bytes, or hexadecimal digits with comments from # on", e);
        }
    }

    private static ByteBuffer read(Path path) throws IOException, PageFile.SyntaxException {
        try (InputStream bytes = Files.newInputStream(path)) {
            return PageFile.read(bytes);
        }
    }
}
