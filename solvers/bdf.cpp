// SPDX-License-Identifier: BSD-3-Clause
#include "solvers/bdf.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <new>
#include <stdexcept>

#include <fmt/format.h>

#include <cvode/cvode.h>
#include <cvode/cvode_ls.h>
#include <nvector/nvector_serial.h>
#include <sundials/sundials_context.h>
#include <sundials/sundials_linearsolver.h>
#include <sundials/sundials_matrix.h>

#include "solvers/largest_weighted.hpp"

namespace apical::solvers {
namespace {

template <auto destroy> struct destroyer {
    template <class T> void operator()(T* p) const { destroy(p); }
};
using vector_ptr = std::unique_ptr<std::remove_pointer_t<N_Vector>, destroyer<N_VDestroy>>;

std::size_t length(N_Vector v) { return static_cast<std::size_t>(N_VGetLength(v)); }
bool all_finite(N_Vector v) {
    constexpr std::size_t lanes = 16;
    const double* const x = N_VGetArrayPointer(v);
    const auto n = length(v);
    double sum[lanes] = {};   // of zeros, or NaN
    std::size_t i = 0;
    for (; i + lanes <= n; i += lanes)
        for (std::size_t l = 0; l < lanes; ++l) sum[l] += x[i + l]*0;
    for (; i < n; ++i) sum[0] += x[i]*0;
    return std::ranges::all_of(sum, [](double s) { return s == 0; });
}

/// The operations on vectors that CVODE spends its time in, as loops that the compiler turns into vector instructions: those of the
/// packaged library are not. Sums are taken in a fixed order.
namespace fast {

double* data(N_Vector v) { return N_VGetArrayPointer(v); }

void linear_sum(double a, N_Vector x, double b, N_Vector y, N_Vector z) {
    const double* const from = data(x);
    const double* const and_from = data(y);
    double* const to = data(z);
    const auto n = length(x);
    if (a == 1 && b == 1) for (std::size_t i = 0; i < n; ++i) to[i] = from[i] + and_from[i];
    else for (std::size_t i = 0; i < n; ++i) to[i] = a*from[i] + b*and_from[i];
}
void scale(double c, N_Vector x, N_Vector z) {
    const double* const from = data(x);
    double* const to = data(z);
    const auto n = length(x);
    for (std::size_t i = 0; i < n; ++i) to[i] = c*from[i];
}
void set(double c, N_Vector z) { std::fill_n(data(z), length(z), c); }
/// The largest, where CVODE's own vectors give a root mean square, which forgives one bad unknown among many good ones.
double weighted_norm(N_Vector x, N_Vector w) { return largest_weighted(data(x), data(w), length(x)); }
/// Whether every x with a constraint is at least 0; marks those that are not.
int constraint_mask(N_Vector constraints, N_Vector x, N_Vector mask) {
    const double* const c = data(constraints);
    const double* const values = data(x);
    double* const m = data(mask);
    const auto n = length(x);
    double broken = 0;
    for (std::size_t i = 0; i < n; ++i) m[i] = c[i]*values[i] < 0 ? 1.0 : 0.0, broken += m[i];
    return broken == 0;
}
int scale_add(int count, double* a, N_Vector x, N_Vector* y, N_Vector* z) {
    for (int k = 0; k < count; ++k) linear_sum(a[k], x, 1, y[k], z[k]);
    return 0;
}
int scale_all(int count, double* c, N_Vector* x, N_Vector* z) {
    for (int k = 0; k < count; ++k) scale(c[k], x[k], z[k]);
    return 0;
}
int combine(int count, double* c, N_Vector* x, N_Vector z) {
    scale(c[0], x[0], z);
    for (int k = 1; k < count; ++k) linear_sum(c[k], x[k], 1, z, z);
    return 0;
}

void install(N_Vector v) {
    auto& ops = *v->ops;
    ops.nvlinearsum = linear_sum, ops.nvscale = scale, ops.nvconst = set, ops.nvwrmsnorm = weighted_norm;
    ops.nvconstrmask = constraint_mask;
    ops.nvscaleaddmulti = scale_add, ops.nvscalevectorarray = scale_all, ops.nvlinearcombination = combine;
}

}  // namespace fast

SUNMatrix_ID matrix_kind(SUNMatrix) { return SUNMATRIX_CUSTOM; }
SUNLinearSolver_Type solver_kind(SUNLinearSolver) { return SUNLINEARSOLVER_DIRECT; }
int nothing_to_set_up(SUNLinearSolver, SUNMatrix) { return 0; }

constexpr int most_order = 5;
constexpr int stalled = -1000;                // beside CVODE's own codes

}  // namespace

struct bdf::memory {
    double longest;
    std::vector<int> never_negative;
    stiff_system* system = nullptr;            // of the call under way

    SUNContext context = nullptr;
    void* cvode = nullptr;
    SUNMatrix matrix = nullptr;                // stands for the system's own factorisation
    SUNLinearSolver solver = nullptr;
    vector_ptr y, slope, constraints, derivatives[most_order + 1];
    int known_derivatives = -1;                // those of the last step; -1: none
    double time = 0, before = 0;
    step_counts earlier;                       // before the last start
    long solves = 0, jacobians = 0;
    int failed = 0;
    solvers::progress progress;

    memory(double l, std::vector<int> n) : longest(l), never_negative(std::move(n)) {
        if (SUNContext_Create(nullptr, &context) != 0) throw std::bad_alloc();
    }
    ~memory() {
        if (cvode) CVodeFree(&cvode);
        if (solver) SUNLinSolFreeEmpty(solver);
        if (matrix) SUNMatFreeEmpty(matrix);
        y.reset(), slope.reset(), constraints.reset();
        for (auto& d : derivatives) d.reset();
        SUNContext_Free(&context);
    }
    memory(const memory&) = delete;
    memory& operator=(const memory&) = delete;

    static memory& of(void* data) { return *static_cast<memory*>(data); }

    static int rates(double t, N_Vector y, N_Vector to, void* data) {
        const auto& m = of(data);
        constexpr int try_a_shorter_step = 1;
        m.system->rates(t, N_VGetArrayPointer(y), N_VGetArrayPointer(to));
        return all_finite(to) ? 0 : try_a_shorter_step;
    }
    static int set_matrix(double t, N_Vector y, N_Vector, SUNMatrix, int keep, int* is_new, double gamma, void* data, N_Vector, N_Vector, N_Vector) {
        auto& m = of(data);
        if (!keep) m.system->linearise(t, N_VGetArrayPointer(y)), ++m.jacobians;
        *is_new = !keep;
        m.system->factorise(gamma);
        return 0;
    }
    static int solve(SUNLinearSolver s, SUNMatrix, N_Vector x, N_Vector b, double) {
        auto& m = of(s->content);
        N_VScale(1, b, x);
        m.system->solve(N_VGetArrayPointer(x));
        ++m.solves;
        return all_finite(x) ? 0 : 1;
    }
    static int weights(N_Vector y, N_Vector to, void* data) {
        auto& m = of(data);
        const auto n = length(y);
        double* const w = N_VGetArrayPointer(to);
        m.system->weights(N_VGetArrayPointer(y), w);
        for (double& x : std::span(w, n)) x = std::max(x, 1e-30);   // CVODE wants them positive
        return 0;
    }
    static void say_nothing(int, const char*, const char*, char*, void*) {}

    void create(std::size_t n) {
        y.reset(N_VNew_Serial(static_cast<sunindextype>(n), context));
        matrix = SUNMatNewEmpty(context), solver = SUNLinSolNewEmpty(context);
        cvode = CVodeCreate(CV_BDF, context);
        if (y) fast::install(y.get());
        if (!y || !matrix || !solver || !cvode) throw std::bad_alloc();
        matrix->ops->getid = matrix_kind;
        solver->ops->gettype = solver_kind, solver->ops->setup = nothing_to_set_up, solver->ops->solve = solve;
        solver->content = this;
        const auto must = [](int flag) {
            if (flag == CV_MEM_FAIL) throw std::bad_alloc();
            if (flag != CV_SUCCESS) throw std::logic_error(fmt::format("CVODE refuses its options: {}", flag));
        };
        must(CVodeInit(cvode, rates, 0, y.get()));
        must(CVodeSetErrHandlerFn(cvode, say_nothing, nullptr));
        must(CVodeSetUserData(cvode, this));
        must(CVodeWFtolerances(cvode, weights));
        must(CVodeSetLinearSolver(cvode, solver, matrix));
        must(CVodeSetLinSysFn(cvode, set_matrix));
        must(CVodeSetMaxNumSteps(cvode, -1));
        must(CVodeSetMaxStep(cvode, longest));
        must(CVodeSetMaxErrTestFails(cvode, 30));
        must(CVodeSetMaxConvFails(cvode, 30));
        must(CVodeSetMaxHnilWarns(cvode, -1));
        if (never_negative.empty()) return;
        constraints.reset(N_VClone(y.get()));
        if (!constraints) throw std::bad_alloc();
        N_VConst(0, constraints.get());
        for (const int i : never_negative) N_VGetArrayPointer(constraints.get())[i] = 1;
        must(CVodeSetConstraints(cvode, constraints.get()));
    }

    step_counts present() const {
        long steps = 0, evaluations = 0, error_fails = 0, newton_fails = 0;
        if (cvode) {
            CVodeGetNumSteps(cvode, &steps), CVodeGetNumRhsEvals(cvode, &evaluations);
            CVodeGetNumErrTestFails(cvode, &error_fails), CVodeGetNumNonlinSolvConvFails(cvode, &newton_fails);
        }
        return {earlier.steps + steps, earlier.rejected + error_fails + newton_fails, earlier.rates + evaluations, jacobians, solves};
    }

    /// The polynomial of the last step, as derivatives at its end.
    void take_derivatives() {
        int order = 0;
        CVodeGetLastOrder(cvode, &order);
        for (int k = 0; k <= order; ++k) {
            auto& d = derivatives[k];
            if (!d) d.reset(N_VClone(y.get()));
            if (!d) throw std::bad_alloc();
            CVodeGetDky(cvode, time, k, d.get());
        }
        known_derivatives = order;
    }
};

bdf::bdf(double longest, std::vector<int> never_negative) : m_(std::make_unique<memory>(longest, std::move(never_negative))) {}
bdf::~bdf() = default;

void bdf::start(stiff_system& system, double t, std::span<const double> y) {
    auto& m = *m_;
    m.system = &system;
    if (!m.cvode) m.create(system.size());
    else m.earlier = m.present();
    std::ranges::copy(y, N_VGetArrayPointer(m.y.get()));
    if (CVodeReInit(m.cvode, t, m.y.get()) != CV_SUCCESS) throw std::logic_error("CVODE cannot start");
    m.earlier.jacobians = m.earlier.solves = 0;
    m.progress = {};
    m.time = m.before = t, m.known_derivatives = -1;
}

bool bdf::jump(stiff_system& system) {
    constexpr double allowed = 0.1;   // tolerances that what f jumps by would add up to in a step like the last
    auto& m = *m_;
    const auto n = system.size();
    std::vector<double> now(n), w(n);
    const double* const y = N_VGetArrayPointer(m.y.get());
    system.rates(m.time, y, now.data());
    system.weights(y, w.data());
    if (!m.slope) m.slope.reset(N_VClone(m.y.get()));
    if (!m.slope) throw std::bad_alloc();
    double most = std::numeric_limits<double>::infinity(), h = 0;
    if (m.time > m.before && CVodeGetDky(m.cvode, m.time, 1, m.slope.get()) == CV_SUCCESS && CVodeGetLastStep(m.cvode, &h) == CV_SUCCESS) {
        const double* const before = N_VGetArrayPointer(m.slope.get());
        most = 0;
        for (std::size_t i = 0; i < n; ++i) most = std::max(most, std::abs(now[i] - before[i])*w[i]*h);
    }
    if (most <= allowed) return false;
    start(system, m.time, std::vector(y, y + n));
    return true;
}

void bdf::transfer(image&) { throw std::logic_error("CVODE's past cannot be written down"); }

bool bdf::step(stiff_system& system, double limit) {
    auto& m = *m_;
    m.system = &system;
    CVodeSetStopTime(m.cvode, limit);
    double reached = m.time;
    // the first step is guessed from the way to where the caller wants to go, which may be without end
    const int flag = CVode(m.cvode, std::min(limit, m.time + m.longest), m.y.get(), &reached, CV_ONE_STEP);
    m.failed = flag < 0 ? flag : 0;
    if (flag < 0) return false;
    m.before = m.time, m.time = flag == CV_TSTOP_RETURN ? limit : reached;
    if (m.progress.has_stalled(m.time)) {
        m.failed = stalled;
        return false;
    }
    m.known_derivatives = -1;
    return true;
}

std::string bdf::failure() const {
    switch (m_->failed) {
        case stalled: return progress::complaint;
        case CV_ERR_FAILURE: return "no step is short enough to meet the tolerance";
        case CV_CONV_FAILURE: case CV_LSETUP_FAIL: case CV_LSOLVE_FAIL: return "the Newton iteration does not converge, however short the step";
        case CV_CONSTR_FAIL: return "a concentration falls below 0, however short the step";
        case CV_TOO_MUCH_ACC: return below_precision;
        case CV_FIRST_RHSFUNC_ERR: case CV_REPTD_RHSFUNC_ERR: case CV_UNREC_RHSFUNC_ERR: case CV_RHSFUNC_FAIL: return "the equations give no finite rate of change";
        default: return fmt::format("CVODE gives up ({})", m_->failed);
    }
}

double bdf::time() const { return m_->time; }
double bdf::before() const { return m_->before; }
std::span<const double> bdf::state() const { return {N_VGetArrayPointer(m_->y.get()), length(m_->y.get())}; }
step_counts bdf::counts() const { return m_->present(); }

void bdf::interpolate(double t, std::span<const int> which, double* to) {
    auto& m = *m_;
    if (m.known_derivatives < 0) m.take_derivatives();
    std::array<const double*, most_order + 1> d{};
    const auto order = m.known_derivatives;
    for (int k = 0; k <= order; ++k) d[static_cast<std::size_t>(k)] = N_VGetArrayPointer(m.derivatives[k].get());
    const double s = t - m.time;
    for (const int i : which) {
        double sum = d[static_cast<std::size_t>(order)][i];
        for (int k = order; k > 0; --k) sum = d[static_cast<std::size_t>(k - 1)][i] + sum*s/k;
        *to++ = sum;
    }
}

}  // namespace apical::solvers
