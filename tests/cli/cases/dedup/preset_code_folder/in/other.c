/* Sizes of fields, by the surveyors. */
#include <stdio.h>

int main(int argc, char *argv[])
{
    for (int i = 1; i < argc; i++) {
        FILE *file = fopen(argv[i], "r");
        if (file == NULL) {
            perror(argv[i]);
        } else {
            fclose(file);
        }
    }
    return 0;
}
