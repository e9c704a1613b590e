/* Times cblas_sgemm at the sizes of BenchmarkGemm, to compare with:
 *
 *	cc -O2 openblas.c -o openblas -lopenblas && OPENBLAS_NUM_THREADS=1 ./openblas
 *
 * Where the library has integers of 64 bits or other names, add for instance
 * -DINT=long -Dcblas_sgemm=cblas_sgemm64_. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#ifndef INT
#define INT int
#endif

enum { rows = 101, plain = 111, transposed = 112 };
void cblas_sgemm(int, int, int, INT, INT, INT, float, const float *, INT, const float *, INT, float, float *, INT);

static double seconds(void) {
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + 1e-9 * t.tv_nsec;
}

static float *numbers(long n) {
	float *x = malloc(n * sizeof *x);
	for (long i = 0; i < n; i++)
		x[i] = (float)rand() / RAND_MAX - 0.5f;
	return x;
}

int main(void) {
	static const struct { int m, n, k, tn; } sizes[] = {
		{16, 64, 64, 0}, {64, 64, 64, 0}, {64, 256, 256, 0}, {128, 256, 256, 0},
		{64, 64, 2048, 1}, {256, 256, 512, 1}, {512, 3, 256, 0}, {512, 5, 256, 0},
		{512, 8, 256, 0}, {512, 12, 256, 0}, {256, 5, 512, 1},
	};
	for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		int m = sizes[i].m, n = sizes[i].n, k = sizes[i].k, tn = sizes[i].tn;
		float *a = numbers((long)m * k), *b = numbers((long)k * n), *c = numbers((long)m * n);
		double flops = 2.0 * m * n * k, best = 0;
		for (int round = 0; round < 10; round++) {
			long times = 2e8 / flops + 1;
			double begun = seconds();
			for (long t = 0; t < times; t++)
				cblas_sgemm(rows, tn ? transposed : plain, plain, m, n, k, 1, a, tn ? m : k, b, n, 1, c, n);
			double rate = times * flops / (seconds() - begun) / 1e9;
			best = rate > best ? rate : best;
		}
		printf("%s%dx%dx%d %.1f GFLOP/s\n", tn ? "TN-" : "", m, n, k, best);
		free(a), free(b), free(c);
	}
}
