#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Parses the file, names every error that libical notes, and checks RFC 5545's restrictions. */
static int walk(icalcomponent *component) {
    int errors = 0;
    icalproperty *property = icalcomponent_get_first_property(component, ICAL_ANY_PROPERTY);
    for (; property; property = icalcomponent_get_next_property(component, ICAL_ANY_PROPERTY))
        if (icalproperty_isa(property) == ICAL_XLICERROR_PROPERTY) {
            printf("%s\n", icalproperty_as_ical_string(property));
            errors++;
        }
    icalcomponent *inner = icalcomponent_get_first_component(component, ICAL_ANY_COMPONENT);
    for (; inner; inner = icalcomponent_get_next_component(component, ICAL_ANY_COMPONENT)) errors += walk(inner);
    return errors;
}

int main(int count, char **names) {
    FILE *file = fopen(names[1], "rb");
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *text = calloc(1, size + 1);
    if (fread(text, 1, size, file) != (size_t)size) return 2;
    icalcomponent *root = icalparser_parse_string(text);
    if (!root) return 3;
    int errors = walk(root);
    int valid = icalrestriction_check(root);
    errors += walk(root) - errors;
    printf("%d components, %d errors, valid %d\n", icalcomponent_count_components(root, ICAL_ANY_COMPONENT), errors, valid);
    return errors || !valid;
}
