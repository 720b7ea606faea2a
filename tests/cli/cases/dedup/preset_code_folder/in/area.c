/* Sizes of fields, by the surveyors. */
#include <stdio.h>

int main(void)
{
    double width = 0, length = 0, total = 0;
    while (scanf("%lf %lf", &width, &length) == 2) {
        double area = width * length;
        total += area;
        printf("%.2f of %.2f acres\n", area, total);
    }
    return total > 0 ? 0 : 1;
}
