// Taken over from the old tool; units are metres now.
#include <stdio.h>

int main(void)
{
    double w = 0, h = 0, sum = 0;
    while (scanf("%lf %lf", &w, &h) == 2) {
        double field = w * h; /* of one field */
        sum += field;
        printf("%.2f of %.2f acres\n", field, sum);
    }
    return sum > 0 ? 0 : 1;
}
