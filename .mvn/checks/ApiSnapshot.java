import java.io.File;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.AnnotatedWildcardType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;

/**
 * Holds a module's API against the text that is checked in beside it: every public and protected member of the packages
 * that the module exports to everyone, so that no change of the API goes by unseen.
 *
 * <p>Written by reflection and by our own hand, never by {@code toString}, because that differs between JDKs.
 *
 * <p>{@code java ApiSnapshot.java API.TXT UPDATE CLASSES CLASSPATH}, or {@code --self-test} to see it notice a change.
 */
final class ApiSnapshot {
    private static final String UPDATE = "If the change is meant: mvn -B verify -Dapi.update=true, and commit api.txt.";

    public static void main(String[] args) throws Exception {
        if (args.length == 1 && args[0].equals("--self-test")) {
            selfTest();
            return;
        }
        Path recorded = Path.of(args[0]);
        List<String> api = describe(Path.of(args[2]), args[3]);
        if (Boolean.parseBoolean(args[1])) {
            Files.write(recorded, api);
            return;
        }
        List<String> difference = compare(Files.exists(recorded) ? Files.readAllLines(recorded) : List.of(), api);
        if (!difference.isEmpty()) {
            System.err.println("The API differs from " + recorded);
            difference.forEach(System.err::println);
            System.err.println(UPDATE);
            System.exit(1);
        }
    }

    /** One line for each type and, below it, for each of its members, in an order that depends on names alone. */
    private static List<String> describe(Path classes, String classPath) throws Exception {
        Set<String> exported = ModuleFinder.of(classes).findAll().iterator().next().descriptor().exports().stream()
                .filter(export -> !export.isQualified())
                .map(ModuleDescriptor.Exports::source)
                .collect(Collectors.toSet());
        var urls = new ArrayList<URL>();
        urls.add(classes.toUri().toURL());
        for (String entry : classPath.split(File.pathSeparator)) {
            urls.add(Path.of(entry).toUri().toURL());
        }
        var lines = new ArrayList<String>();
        try (var loader = new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            for (String name : classNames(classes, exported)) {
                Class<?> type = Class.forName(name, false, loader);
                if (isApi(type)) {
                    lines.add(typeLine(type));
                    members(type).forEach(member -> lines.add("    " + member));
                }
            }
        }
        return lines;
    }

    private static TreeSet<String> classNames(Path classes, Set<String> packages) throws IOException {
        var names = new TreeSet<String>();
        for (String each : packages) {
            try (var files = Files.list(classes.resolve(each.replace('.', '/')))) {
                files.map(file -> file.getFileName().toString())
                        .filter(file -> file.endsWith(".class") && !file.equals("package-info.class"))
                        .forEach(file -> names.add(each + '.' + file.substring(0, file.length() - ".class".length())));
            }
        }
        return names;
    }

    private static boolean isApi(Class<?> type) {
        return !type.isSynthetic()
                && !type.isAnonymousClass()
                && !type.isLocalClass()
                && isVisible(type.getModifiers())
                && (type.getEnclosingClass() == null || isApi(type.getEnclosingClass()));
    }

    private static boolean isVisible(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static String typeLine(Class<?> type) {
        var line = new StringBuilder(annotations(type.getDeclaredAnnotations()));
        // That a record or an enum is final or static, and an interface abstract or static, goes without saying.
        boolean plain = !type.isRecord() && !type.isEnum() && !type.isInterface();
        line.append(modifiers(type.getModifiers(), plain ? Modifier.STATIC | Modifier.FINAL | Modifier.ABSTRACT : 0));
        line.append(type.isSealed() ? "sealed " : "");
        line.append(
                type.isAnnotation()
                        ? "@interface "
                        : type.isInterface()
                                ? "interface "
                                : type.isEnum() ? "enum " : type.isRecord() ? "record " : "class ");
        line.append(type.getName()).append(variables(type.getTypeParameters()));
        if (type.isRecord()) {
            line.append(Arrays.stream(type.getRecordComponents())
                    .map(component -> text(component.getAnnotatedType()) + ' ' + component.getName())
                    .collect(Collectors.joining(", ", "(", ")")));
        }
        if (plain && type.getSuperclass() != Object.class) {
            line.append(" extends ").append(text(type.getAnnotatedSuperclass()));
        }
        line.append(list(
                type.isInterface() ? " extends " : " implements ",
                type.isAnnotation() ? new AnnotatedType[0] : type.getAnnotatedInterfaces()));
        if (type.isSealed()) {
            line.append(Arrays.stream(type.getPermittedSubclasses())
                    .map(Class::getName)
                    .sorted()
                    .collect(Collectors.joining(", ", " permits ", "")));
        }
        return line.toString();
    }

    private static Iterable<String> members(Class<?> type) {
        // Sorted by kind and then by text; enum constants keep their order, which is part of what users see.
        var members = new LinkedHashSet<String>();
        if (type.isEnum()) {
            Arrays.stream(type.getFields())
                    .filter(Field::isEnumConstant)
                    .forEach(constant -> members.add(annotations(constant.getAnnotations()) + constant.getName()));
        }
        var fields = new TreeSet<String>();
        var constructors = new TreeSet<String>();
        var methods = new TreeMap<String, String>();
        // Members inherited from a class that is not itself API are reachable through this one alone.
        for (Class<?> owner = type; owner != null && (owner == type || !isApi(owner)); owner = owner.getSuperclass()) {
            Arrays.stream(owner.getDeclaredFields())
                    .filter(field -> isMember(field) && !field.isEnumConstant())
                    .forEach(field -> fields.add(fieldLine(field)));
            Arrays.stream(owner.getDeclaredMethods())
                    .filter(method -> isMember(method) && !isImplied(method))
                    .forEach(method -> methods.putIfAbsent(signature(method), methodLine(method)));
        }
        Arrays.stream(type.getDeclaredConstructors())
                .filter(ApiSnapshot::isMember)
                .forEach(constructor -> constructors.add(constructorLine(constructor)));
        members.addAll(fields);
        members.addAll(constructors);
        members.addAll(methods.values());
        return members;
    }

    private static boolean isMember(Member member) {
        return isVisible(member.getModifiers()) && !member.isSynthetic();
    }

    /** Methods that every object, or every enum, has anyway. */
    private static boolean isImplied(Method method) {
        if (method.getDeclaringClass().isEnum() && Modifier.isStatic(method.getModifiers())) {
            return signature(method).equals("values()") || signature(method).equals("valueOf(java.lang.String)");
        }
        return Set.of("equals(java.lang.Object)", "hashCode()", "toString()").contains(signature(method));
    }

    private static String signature(Method method) {
        return Arrays.stream(method.getParameterTypes())
                .map(Class::getName)
                .collect(Collectors.joining(",", method.getName() + '(', ")"));
    }

    private static String fieldLine(Field field) {
        return annotations(field.getAnnotations())
                + modifiers(field.getModifiers(), Modifier.STATIC | Modifier.FINAL)
                + text(field.getAnnotatedType())
                + ' '
                + field.getName();
    }

    private static String constructorLine(Constructor<?> constructor) {
        return annotations(constructor.getAnnotations())
                + modifiers(constructor.getModifiers(), 0)
                + generics(constructor)
                + constructor.getDeclaringClass().getSimpleName()
                + tail(constructor);
    }

    private static String methodLine(Method method) {
        // Abstract is what an interface's method is unless it says otherwise.
        boolean ofInterface = method.getDeclaringClass().isInterface();
        return annotations(method.getAnnotations())
                + modifiers(
                        method.getModifiers(), Modifier.STATIC | (ofInterface ? 0 : Modifier.FINAL | Modifier.ABSTRACT))
                + (method.isDefault() ? "default " : "")
                + generics(method)
                + text(method.getAnnotatedReturnType())
                + ' '
                + method.getName()
                + tail(method);
    }

    private static String generics(Executable executable) {
        String variables = variables(executable.getTypeParameters());
        return variables.isEmpty() ? "" : variables + ' ';
    }

    private static String tail(Executable executable) {
        return Arrays.stream(executable.getAnnotatedParameterTypes())
                        .map(ApiSnapshot::text)
                        .collect(Collectors.joining(", ", "(", ")"))
                + list(" throws ", executable.getAnnotatedExceptionTypes());
    }

    private static String modifiers(int modifiers, int shown) {
        String text = Modifier.toString(modifiers & (Modifier.PUBLIC | Modifier.PROTECTED | shown));
        return text.isEmpty() ? "" : text + ' ';
    }

    private static String annotations(Annotation[] annotations) {
        return Arrays.stream(annotations)
                .map(annotation -> '@' + annotation.annotationType().getName() + ' ')
                .sorted()
                .collect(Collectors.joining());
    }

    private static String variables(TypeVariable<?>[] variables) {
        return variables.length == 0
                ? ""
                : Arrays.stream(variables)
                        .map(variable -> variable.getName() + bounds(" extends ", variable.getAnnotatedBounds()))
                        .collect(Collectors.joining(", ", "<", ">"));
    }

    private static String bounds(String keyword, AnnotatedType[] bounds) {
        String text = Arrays.stream(bounds)
                .map(ApiSnapshot::text)
                .filter(bound -> !bound.equals("java.lang.Object"))
                .collect(Collectors.joining(" & "));
        return text.isEmpty() ? "" : keyword + text;
    }

    private static String list(String keyword, AnnotatedType[] types) {
        return types.length == 0
                ? ""
                : Arrays.stream(types).map(ApiSnapshot::text).collect(Collectors.joining(", ", keyword, ""));
    }

    /** The type with its type annotations: whether null may pass is as much API as the type. */
    private static String text(AnnotatedType annotated) {
        String annotations = annotations(annotated.getAnnotations());
        if (annotated instanceof AnnotatedArrayType array) {
            return text(array.getAnnotatedGenericComponentType()) + (annotations.isEmpty() ? "" : ' ' + annotations)
                    + "[]";
        }
        Type type = annotated.getType();
        if (annotated instanceof AnnotatedParameterizedType generic) {
            return annotations
                    + ((ParameterizedType) type).getRawType().getTypeName()
                    + Arrays.stream(generic.getAnnotatedActualTypeArguments())
                            .map(ApiSnapshot::text)
                            .collect(Collectors.joining(", ", "<", ">"));
        }
        if (annotated instanceof AnnotatedWildcardType wildcard) {
            return annotations
                    + '?'
                    + bounds(" super ", wildcard.getAnnotatedLowerBounds())
                    + bounds(" extends ", wildcard.getAnnotatedUpperBounds());
        }
        return annotations + type.getTypeName();
    }

    private static List<String> compare(List<String> recorded, List<String> actual) {
        var difference = new ArrayList<String>();
        List<String> before = withOwner(recorded);
        List<String> after = withOwner(actual);
        before.stream().filter(line -> !after.contains(line)).forEach(line -> difference.add("- " + line));
        after.stream().filter(line -> !before.contains(line)).forEach(line -> difference.add("+ " + line));
        if (difference.isEmpty() && !recorded.equals(actual)) {
            difference.add("  the order of lines");
        }
        return difference;
    }

    /** Each member's line with that of its type in front, so that equal members of two types stay apart. */
    private static List<String> withOwner(List<String> lines) {
        var qualified = new ArrayList<String>();
        String owner = "";
        for (String line : lines) {
            boolean member = line.startsWith("    ");
            owner = member ? owner : line;
            qualified.add(member ? owner + " :: " + line.strip() : line);
        }
        return qualified;
    }

    private static void selfTest() throws Exception {
        Path directory = Files.createTempDirectory("api-snapshot");
        try {
            String before = "package a; public final class A { A() {} public int size() { return 0; } }";
            List<String> recorded = compiled(directory, "before", before);
            require(recorded.equals(List.of("public final class a.A", "    public int size()")), recorded);
            String hidden = before + " class B { public int more; }";
            require(compare(recorded, compiled(directory, "hidden", hidden)).isEmpty(), hidden);
            for (String change : List.of(
                    before.replace("int size", "long size"),
                    before.replace("public int size", "int size"),
                    before.replace("A() {}", "public A() {}"),
                    before.replace("final class", "class"))) {
                List<String> difference = compare(recorded, compiled(directory, "after" + change.hashCode(), change));
                require(!difference.isEmpty(), "unseen: " + change);
            }
        } finally {
            try (var files = Files.walk(directory)) {
                for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(file);
                }
            }
        }
        System.out.println("ApiSnapshot: self-test passed");
    }

    private static List<String> compiled(Path directory, String name, String source) throws Exception {
        Path sources = Files.createDirectories(directory.resolve(name).resolve("a"));
        Files.writeString(sources.resolve("A.java"), source);
        Files.writeString(sources.resolve("module-info.java"), "module m { exports a; }");
        Path classes = directory.resolve(name).resolve("classes");
        int status = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(
                        System.out,
                        System.err,
                        "-d",
                        classes.toString(),
                        sources.resolve("A.java").toString(),
                        sources.resolve("module-info.java").toString());
        require(status == 0, source);
        return describe(classes, classes.toString());
    }

    private static void require(boolean condition, Object what) {
        if (!condition) {
            throw new AssertionError(what);
        }
    }
}
