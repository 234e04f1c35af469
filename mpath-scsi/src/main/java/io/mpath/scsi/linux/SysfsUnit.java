package io.mpath.scsi.linux;

import com.google.common.collect.ImmutableList;
import io.mpath.DeviceId;
import io.mpath.PageFormatException;
import io.mpath.linux.Sysfs;
import io.mpath.scsi.command.DeviceIdentification;
import io.mpath.scsi.command.StandardInquiry;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One life of a logical unit's device in sysfs ({@code struct scsi_device}): once it was deleted, another one of the same address is
 * another life. Immutable; what it tells is read anew each time.
 *
 * <p>Threading: any thread.
 */
final class SysfsUnit {
    private static final Path DEVICES = Path.of("bus/scsi/devices");
    private static final Pattern ADDRESS = Pattern.compile("\\d+:\\d+:\\d+:\\d+");
    private static final int PAGE = 4096;
    private static final int ZONED_DISK = 0x14;

    private final Sysfs sysfs;
    private final Path directory;
    private final Object life;

    private SysfsUnit(Sysfs sysfs, Path directory, Object life) {
        this.sysfs = sysfs;
        this.directory = directory;
        this.life = life;
    }

    /** All that there are now, of every type. */
    static List<SysfsUnit> all(Sysfs sysfs) {
        Path devices = sysfs.path(DEVICES.toString());
        return sysfs.names(devices).stream()
                .filter(name -> ADDRESS.matcher(name).matches())
                .flatMap(name -> sysfs.target(devices.resolve(name)).stream())
                .flatMap(directory ->
                        sysfs.identity(directory).stream().map(life -> new SysfsUnit(sysfs, directory, life)))
                .collect(ImmutableList.toImmutableList());
    }

    /** Host, channel, target and logical unit number, as {@code 3:0:0:1}. */
    String address() {
        return String.valueOf(directory.getFileName());
    }

    /** The nexus that it is reached through; empty when that is gone. */
    Optional<SysfsNexus> nexus() {
        return SysfsNexus.of(sysfs, directory);
    }

    /** Equal for equal lives, and no others. */
    Object life() {
        return life;
    }

    /** Whether it is still there: false only when that is certain. */
    boolean exists() {
        Optional<Object> now = sysfs.identity(directory);
        return now.isPresent() ? now.get().equals(life) : !Files.notExists(directory);
    }

    /** Whether it is a disk, and not a tape, a CD drive, an enclosure or what else there is. */
    boolean isDisk() {
        OptionalLong type = sysfs.number(directory.resolve("type"));
        return type.isPresent() && (type.getAsLong() == StandardInquiry.DISK || type.getAsLong() == ZONED_DISK);
    }

    /** The name of its block device, such as {@code sda}; empty before there is one. */
    Optional<String> disk() {
        return sysfs.names(directory.resolve("block")).stream().findFirst();
    }

    /** Whether its character device has that name, such as {@code sg0}, and that number. */
    boolean hasGeneric(String name, String number) {
        Path devices = directory.resolve("scsi_generic");
        return sysfs.names(devices).contains(name)
                && sysfs.text(devices.resolve(name).resolve("dev"))
                        .filter(number::equals)
                        .isPresent();
    }

    /** The number of its block device. */
    Optional<String> number() {
        return attribute("dev");
    }

    /** Why it is not to be given commands now, or null: anything but {@code running} ({@code scsi_device_state}). */
    @Nullable
    String away() {
        String state = sysfs.text(directory.resolve("state")).orElse("in no state that can be read");
        return state.equals("running") ? null : address() + " is " + state;
    }

    /** Whether it speaks ATA behind a translation. */
    boolean isAta() {
        return sysfs.text(directory.resolve("vendor")).filter("ATA"::equals).isPresent();
    }

    /** Whether it said that it has no ALUA; false where the kernel does not tell what it said. */
    boolean hasNoAlua() {
        return decoded("inquiry", StandardInquiry::decode)
                .filter(inquiry -> inquiry.targetPortGroups() == StandardInquiry.Tpgs.NONE)
                .isPresent();
    }

    /** The identity that it told the kernel when it was found. */
    Optional<DeviceId> id() {
        return decoded("vpd_pg83", DeviceIdentification::decode).flatMap(DeviceIdentification::deviceId);
    }

    private interface Decoder<T> {
        T decode(ByteBuffer page);
    }

    private <T> Optional<T> decoded(String attribute, Decoder<T> decoder) {
        try {
            return sysfs.bytes(directory.resolve(attribute))
                    .map(ByteBuffer::wrap)
                    .map(decoder::decode);
        } catch (PageFormatException e) {
            return Optional.empty();
        }
    }

    /** The map of dm-multipath that it is a path of, such as {@code mpatha}. */
    Optional<String> multipathMap() {
        Path holders = block().resolve("holders");
        return sysfs.names(holders).stream()
                .map(holder -> holders.resolve(holder).resolve("dm"))
                .filter(dm -> sysfs.text(dm.resolve("uuid"))
                        .filter(uuid -> uuid.startsWith("mpath-"))
                        .isPresent())
                .map(dm -> sysfs.text(dm.resolve("name")).orElse("without a name"))
                .findFirst();
    }

    /** The kernel's device handler that is attached to it, such as {@code alua}; the kernel detaches none from a disk that is there. */
    Optional<String> deviceHandler() {
        return sysfs.text(directory.resolve("dh_state")).filter(state -> !state.equals("detached"));
    }

    /** Whether it has no node in {@code /dev}, because the kernel drives it below another. */
    boolean hidden() {
        return attribute("hidden").filter("1"::equals).isPresent();
    }

    /** How it is zoned, if it is. */
    Optional<String> zoned() {
        return attribute("queue/zoned").filter(zoned -> !zoned.equals("none"));
    }

    /** The longest data of one command that the kernel takes from memory whose pages lie anywhere; empty where it does not tell. */
    OptionalLong maxTransferBytes() {
        OptionalLong kibibytes = sysfs.number(block().resolve("queue/max_hw_sectors_kb"));
        OptionalLong segments = sysfs.number(block().resolve("queue/max_segments"));
        if (kibibytes.isEmpty() || segments.isEmpty()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(Math.min(kibibytes.getAsLong() * 1024, segments.getAsLong() * PAGE));
    }

    private Optional<String> attribute(String name) {
        return sysfs.text(block().resolve(name));
    }

    private Path block() {
        return directory.resolve("block").resolve(disk().orElse("none"));
    }

    @Override
    public String toString() {
        return disk().map(disk -> disk + " (" + address() + ")").orElseGet(this::address);
    }
}
