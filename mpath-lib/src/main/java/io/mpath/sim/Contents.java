package io.mpath.sim;

import io.mpath.IoOperation;
import io.mpath.IoStatus;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Each block of each unit is a linearizable register, by what its disk and its clients see. */
final class Contents implements Rule {
    /** A unit that has grown. */
    static final int MOST_TIMES_ITS_SIZE = 3;

    private final SimWorld world;
    private final Referee referee;
    private final List<Unit> units;
    private final List<RegisterHistory> histories = new ArrayList<>();

    Contents(SimWorld world, Referee referee, List<Unit> units) {
        this.world = world;
        this.referee = referee;
        this.units = units;
        for (Unit unit : units) {
            histories.add(new RegisterHistory(MOST_TIMES_ITS_SIZE * unit.blocks(), found -> {
                throw referee.broken(found.rule().toString(), unit.name() + ": " + found.message());
            }));
        }
    }

    private RegisterHistory of(Unit unit) {
        return histories.get(unit.number());
    }

    @Override
    public void began(ClientRequest request) {
        RegisterHistory history = of(request.unit);
        switch (request.operation) {
            case READ -> history.reading(request.number, world.nanos());
            case WRITE, WRITE_ZEROES, DISCARD ->
                history.changing(
                        request.number, request.operation, request.firstBlock(), request.blocks(), world.nanos());
            case COMPARE_AND_WRITE ->
                history.comparing(
                        request.number,
                        request.firstBlock(),
                        values(request.unit, request.firstBlock(), request.expected),
                        world.nanos());
            case FLUSH, PASSTHROUGH -> {}
        }
    }

    @Override
    public void landed(Unit unit, SimDisk.Execution execution, byte[] data) {
        int first = (int) (execution.offset() / Unit.BLOCK);
        int blocks = (int) (execution.length() / Unit.BLOCK);
        switch (execution.operation()) {
            case WRITE -> of(unit).landed(ByteBuffer.wrap(data).getLong(0), first, blocks, world.nanos());
            case COMPARE_AND_WRITE ->
                of(unit).landed(ByteBuffer.wrap(data).getLong(data.length / 2), first, blocks, world.nanos());
            case WRITE_ZEROES, DISCARD -> of(unit).landed(0, first, blocks, world.nanos());
            case READ, FLUSH, PASSTHROUGH -> {}
        }
    }

    @Override
    public void ended(ClientRequest request) {
        IoStatus status = request.status;
        if (status == null || request.effect == null || request.blocks() == 0) {
            return;
        }
        if (request.operation != IoOperation.READ) {
            of(request.unit).ended(request.number, status, request.effect, world.nanos());
        } else if (status == IoStatus.SUCCESS) {
            long[] values = values(request.unit, request.firstBlock(), request.data);
            of(request.unit).read(request.number, request.firstBlock(), values, world.nanos());
        }
    }

    /** Clients read everything once more: {@code data} is what they find in {@code block}. */
    void readBack(Unit unit, int block, ByteBuffer data) {
        long[] found = values(unit, block, data);
        long[] held = values(unit, block, ByteBuffer.wrap(unit.disk().contents((long) block * Unit.BLOCK, Unit.BLOCK)));
        if (found[0] != held[0]) {
            throw referee.broken(
                    "what is read is on the disk",
                    "block " + block + " of " + unit.name() + " holds " + held[0] + ", and is read as " + found[0]);
        }
    }

    private long[] values(Unit unit, int first, ByteBuffer data) {
        long[] values = new long[data.capacity() / Unit.BLOCK];
        for (int i = 0; i < values.length; i++) {
            values[i] = Stamp.read(data, i * Unit.BLOCK, unit.number(), first + i);
            if (values[i] < 0) {
                throw referee.broken(
                        "a block holds what was written there",
                        "block " + (first + i) + " of " + unit.name() + " is torn, or another one's");
            }
        }
        return values;
    }

    @Override
    public void closed() {
        for (Unit unit : units) {
            int blocks = MOST_TIMES_ITS_SIZE * unit.blocks();
            ByteBuffer all = ByteBuffer.wrap(unit.disk().contents(0, blocks * Unit.BLOCK));
            of(unit).check(values(unit, 0, all), world.nanos());
        }
    }
}
