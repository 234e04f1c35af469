import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Refuses a public or protected type, method or field of an exported package that has no comment. Doclint would want a tag
 * for every parameter besides, which says nothing where the sentence has said it.
 *
 * <p>{@code java ApiComments.java SOURCES}, or {@code --self-test} to see it notice a missing comment.
 */
final class ApiComments {
    private static final Pattern EXPORTS = Pattern.compile("exports\\s+([\\w.]+)\\s*;");

    public static void main(String[] args) throws IOException {
        if (args[0].equals("--self-test")) {
            selfTest();
            return;
        }
        List<String> missing = missing(Path.of(args[0]));
        if (!missing.isEmpty()) {
            System.err.println("Public, exported, and without a comment:");
            missing.forEach(System.err::println);
            System.exit(1);
        }
    }

    private static List<String> missing(Path sources) throws IOException {
        Set<String> exported = EXPORTS.matcher(Files.readString(sources.resolve("module-info.java")))
                .results()
                .map((MatchResult result) -> result.group(1))
                .collect(Collectors.toSet());
        List<Path> files;
        try (Stream<Path> all = Files.walk(sources)) {
            files = all.filter(file -> exported.contains(packageOf(sources, file)))
                    .sorted()
                    .toList();
        }
        List<String> missing = new ArrayList<>();
        if (files.isEmpty()) {
            return missing; // a module that exports nothing yet: the compiler wants at least one file
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask)
                    compiler.getTask(null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(files));
            Trees trees = Trees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                for (Tree type : unit.getTypeDecls()) {
                    visit(trees, new TreePath(new TreePath(unit), type), false, missing);
                }
            }
        }
        return missing;
    }

    private static String packageOf(Path sources, Path file) {
        boolean source = file.toString().endsWith(".java") && !file.getParent().equals(sources);
        return source ? sources.relativize(file.getParent()).toString().replace('/', '.') : "";
    }

    /** A member of an interface is public without saying so. */
    private static void visit(Trees trees, TreePath path, boolean inInterface, List<String> missing) {
        if (!(path.getLeaf() instanceof ClassTree type) || !visible(type.getModifiers(), inInterface)) {
            return;
        }
        check(trees, path, type.getSimpleName().toString(), missing);
        boolean isInterface = type.getKind() == Tree.Kind.INTERFACE || type.getKind() == Tree.Kind.ANNOTATION_TYPE;
        for (Tree member : type.getMembers()) {
            TreePath at = new TreePath(path, member);
            if (member instanceof MethodTree method && visible(method.getModifiers(), isInterface)) {
                if (!overrides(method.getModifiers())) {
                    check(trees, at, type.getSimpleName() + "." + method.getName(), missing);
                }
            } else if (member instanceof VariableTree field && visible(field.getModifiers(), isInterface)) {
                check(trees, at, type.getSimpleName() + "." + field.getName(), missing);
            } else {
                visit(trees, at, isInterface, missing);
            }
        }
    }

    private static boolean visible(ModifiersTree modifiers, boolean inInterface) {
        Set<Modifier> flags = modifiers.getFlags();
        return flags.contains(Modifier.PUBLIC)
                || flags.contains(Modifier.PROTECTED)
                || (inInterface && !flags.contains(Modifier.PRIVATE));
    }

    private static boolean overrides(ModifiersTree modifiers) {
        return modifiers.getAnnotations().stream()
                .anyMatch(
                        annotation -> annotation.getAnnotationType().toString().equals("Override"));
    }

    private static void check(Trees trees, TreePath path, String name, List<String> missing) {
        String comment = trees.getDocComment(path);
        if (comment == null || comment.isBlank()) {
            CompilationUnitTree unit = path.getCompilationUnit();
            long line =
                    unit.getLineMap().getLineNumber(trees.getSourcePositions().getStartPosition(unit, path.getLeaf()));
            missing.add("  " + unit.getSourceFile().getName() + ":" + line + " " + name);
        }
    }

    private static void selfTest() throws IOException {
        Path sources = Files.createTempDirectory("api-comments");
        Files.writeString(sources.resolve("module-info.java"), "module m { exports open; }");
        Files.createDirectories(sources.resolve("open"));
        Files.createDirectories(sources.resolve("shut"));
        Files.writeString(sources.resolve("shut/Hidden.java"), "package shut; public class Hidden {}");
        Files.writeString(sources.resolve("open/Said.java"), """
                package open;
                /** Said. */
                public interface Said {
                    /** Said too. */
                    void said();
                    void unsaid();
                }
                """);
        Files.writeString(sources.resolve("open/Unsaid.java"), "package open; public class Unsaid { private int x; }");
        List<String> missing = missing(sources);
        if (missing.size() != 2
                || !missing.get(0).endsWith("Said.unsaid")
                || !missing.get(1).endsWith("Unsaid")) {
            throw new AssertionError("expected Said.unsaid and Unsaid to be found, not " + missing);
        }
        System.out.println("ApiComments: finds what has no comment, and nothing else");
    }
}
