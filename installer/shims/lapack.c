/* OpenCV's calls of LAPACK and BLAS, answered by the OpenBLAS that NumPy brings along.
 *
 * The two packages each carry an OpenBLAS of their own. NumPy's counts in 64-bit integers and its names carry prefix
 * and suffix; OpenCV counts in 32 bits. Every function here widens the integers, calls NumPy's, and narrows the results.
 */
#include <stdint.h>
#include <stdlib.h>

typedef int64_t wide;
#define NUMPY(name) scipy_##name##_64_
#define ROUTINES(T, p) \
    void NUMPY(p##gesv)(wide *, wide *, T *, wide *, wide *, T *, wide *, wide *); \
    void p##gesv_(int *n, int *nrhs, T *a, int *lda, int *ipiv, T *b, int *ldb, int *info) { \
        wide N = *n, R = *nrhs, A = *lda, B = *ldb, I = 0, *pivots = malloc((N > 0 ? N : 1) * sizeof(wide)); \
        NUMPY(p##gesv)(&N, &R, a, &A, pivots, b, &B, &I); \
        for (wide i = 0; i < N; i++) ipiv[i] = (int)pivots[i]; \
        free(pivots); \
        *info = (int)I; \
    } \
    void NUMPY(p##getrf)(wide *, wide *, T *, wide *, wide *, wide *); \
    void p##getrf_(int *m, int *n, T *a, int *lda, int *ipiv, int *info) { \
        wide M = *m, N = *n, A = *lda, I = 0, least = M < N ? M : N; \
        wide *pivots = malloc((least > 0 ? least : 1) * sizeof(wide)); \
        NUMPY(p##getrf)(&M, &N, a, &A, pivots, &I); \
        for (wide i = 0; i < least; i++) ipiv[i] = (int)pivots[i]; \
        free(pivots); \
        *info = (int)I; \
    } \
    void NUMPY(p##potrf)(char *, wide *, T *, wide *, wide *, size_t); \
    void p##potrf_(char *uplo, int *n, T *a, int *lda, int *info) { \
        wide N = *n, A = *lda, I = 0; \
        NUMPY(p##potrf)(uplo, &N, a, &A, &I, 1); \
        *info = (int)I; \
    } \
    void NUMPY(p##posv)(char *, wide *, wide *, T *, wide *, T *, wide *, wide *, size_t); \
    void p##posv_(char *uplo, int *n, int *nrhs, T *a, int *lda, T *b, int *ldb, int *info) { \
        wide N = *n, R = *nrhs, A = *lda, B = *ldb, I = 0; \
        NUMPY(p##posv)(uplo, &N, &R, a, &A, b, &B, &I, 1); \
        *info = (int)I; \
    } \
    void NUMPY(p##geqrf)(wide *, wide *, T *, wide *, T *, T *, wide *, wide *); \
    void p##geqrf_(int *m, int *n, T *a, int *lda, T *tau, T *work, int *lwork, int *info) { \
        wide M = *m, N = *n, A = *lda, W = *lwork, I = 0; \
        NUMPY(p##geqrf)(&M, &N, a, &A, tau, work, &W, &I); \
        *info = (int)I; \
    } \
    void NUMPY(p##gels)(char *, wide *, wide *, wide *, T *, wide *, T *, wide *, T *, wide *, wide *, size_t); \
    void p##gels_(char *trans, int *m, int *n, int *nrhs, T *a, int *lda, T *b, int *ldb, T *work, int *lwork, \
                  int *info) { \
        wide M = *m, N = *n, R = *nrhs, A = *lda, B = *ldb, W = *lwork, I = 0; \
        NUMPY(p##gels)(trans, &M, &N, &R, a, &A, b, &B, work, &W, &I, 1); \
        *info = (int)I; \
    } \
    void NUMPY(p##gesdd)(char *, wide *, wide *, T *, wide *, T *, T *, wide *, T *, wide *, T *, wide *, wide *, \
                         wide *, size_t); \
    void p##gesdd_(char *jobz, int *m, int *n, T *a, int *lda, T *s, T *u, int *ldu, T *vt, int *ldvt, T *work, \
                   int *lwork, int *iwork, int *info) { \
        wide M = *m, N = *n, A = *lda, U = *ldu, V = *ldvt, W = *lwork, I = 0, least = M < N ? M : N; \
        wide *room = malloc(8 * (least > 0 ? least : 1) * sizeof(wide)); \
        (void)iwork; \
        NUMPY(p##gesdd)(jobz, &M, &N, a, &A, s, u, &U, vt, &V, work, &W, room, &I, 1); \
        free(room); \
        *info = (int)I; \
    } \
    void scipy_cblas_##p##gemm64_(int, int, int, wide, wide, wide, T, const T *, wide, const T *, wide, T, T *, wide); \
    void cblas_##p##gemm(int order, int ta, int tb, int m, int n, int k, T alpha, const T *a, int lda, const T *b, \
                         int ldb, T beta, T *c, int ldc) { \
        scipy_cblas_##p##gemm64_(order, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc); \
    }

ROUTINES(float, s)
ROUTINES(double, d)

#define COMPLEX_GEMM(p) \
    void scipy_cblas_##p##gemm64_(int, int, int, wide, wide, wide, const void *, const void *, wide, const void *, \
                                  wide, const void *, void *, wide); \
    void cblas_##p##gemm(int order, int ta, int tb, int m, int n, int k, const void *alpha, const void *a, int lda, \
                         const void *b, int ldb, const void *beta, void *c, int ldc) { \
        scipy_cblas_##p##gemm64_(order, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc); \
    }

COMPLEX_GEMM(c)
COMPLEX_GEMM(z)

void NUMPY(dgeev)(char *, char *, wide *, double *, wide *, double *, double *, double *, wide *, double *, wide *,
                  double *, wide *, wide *, size_t, size_t);

void dgeev_(char *left, char *right, int *n, double *a, int *lda, double *wr, double *wi, double *vl, int *ldvl,
            double *vr, int *ldvr, double *work, int *lwork, int *info) {
    wide N = *n, A = *lda, L = *ldvl, R = *ldvr, W = *lwork, I = 0;
    NUMPY(dgeev)(left, right, &N, a, &A, wr, wi, vl, &L, vr, &R, work, &W, &I, 1, 1);
    *info = (int)I;
}
