package io.mpath.examples;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;
import java.util.stream.Stream;

/** No public or protected member of a public type names Guava or JNA: neither is a promise of ours to the user. */
final class ExposeNoThirdParty extends ArchCondition<JavaClass> {
    ExposeNoThirdParty() {
        super("expose no type of Guava or JNA");
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        if (!isVisible(type.getModifiers())) {
            return;
        }
        Stream.concat(type.getSuperclass().stream(), type.getInterfaces().stream())
                .filter(ExposeNoThirdParty::isForeign)
                .forEach(parent ->
                        events.add(SimpleConditionEvent.violated(type, type.getName() + " is a " + parent.getName())));
        type.getMembers().stream()
                .filter(member -> isVisible(member.getModifiers()))
                .filter(member -> signature(member).anyMatch(ExposeNoThirdParty::isForeign))
                .forEach(member -> events.add(SimpleConditionEvent.violated(member, member.getDescription())));
    }

    private static boolean isVisible(Set<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
    }

    private static Stream<JavaType> signature(JavaMember member) {
        if (member instanceof JavaCodeUnit unit) {
            return Stream.concat(Stream.of(unit.getReturnType()), unit.getParameterTypes().stream());
        }
        return Stream.of(((JavaField) member).getType());
    }

    private static boolean isForeign(JavaType type) {
        return type.getAllInvolvedRawTypes().stream()
                .map(JavaClass::getPackageName)
                .anyMatch(name -> name.startsWith("com.google.common") || name.startsWith("com.sun.jna"));
    }
}
