package io.mpath.policy;

import java.util.List;

/** Candidates as a path table gives them to a policy: fixed but for their depth, which moves under the selector. */
final class Candidates {
    private final List<Candidate> list;

    Candidates(List<ModelPath> tier) {
        list = tier.stream().map(Candidate::new).toList();
    }

    List<? extends SelectablePath> list() {
        return list;
    }

    /** Takes over the depths of {@code tier} if it differs from these in nothing else. */
    boolean serve(List<ModelPath> tier) {
        if (!fixed(tier).equals(fixed(list.stream().map(each -> each.path).toList()))) {
            return false;
        }
        for (int i = 0; i < list.size(); i++) {
            list.get(i).path = tier.get(i);
        }
        return true;
    }

    private static List<ModelPath> fixed(List<ModelPath> paths) {
        return paths.stream().map(path -> path.withInFlight(0)).toList();
    }

    private static final class Candidate implements SelectablePath {
        private final ServiceHistory history = new ServiceHistory();
        private ModelPath path;

        Candidate(ModelPath path) {
            this.path = path;
        }

        @Override
        public String name() {
            return path.name();
        }

        @Override
        public int numaNode() {
            return path.numaNode();
        }

        @Override
        public boolean preferred() {
            return path.preferred();
        }

        @Override
        public int ordinal() {
            return path.ordinal();
        }

        @Override
        public int inFlight() {
            return path.inFlight();
        }

        @Override
        public long bytesInFlight() {
            return path.bytesInFlight();
        }

        @Override
        public ServiceHistory history() {
            return history;
        }
    }
}
