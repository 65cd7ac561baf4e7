// SPDX-License-Identifier: BSD-3-Clause
//
// Every channel, pool and receptor as device code: one thread a membrane, no line of a channel file changed. What the device
// computes is compared with what the host computes from the same text. Without a device the program ends with 77, "skipped".

#include <cmath>
#include <cstdio>
#include <type_traits>
#include <vector>

#include "generated/channels.hpp"

namespace {

using namespace apical;

constexpr int most_values = 12;   ///< states, then current and slope, then the state at rest
constexpr double dt = 0.025;      // ms

/// What one thread sees; its numbers are the same on host and device.
struct membrane_at {
    double v, c_in;
    __host__ __device__ membrane<double> site(int z) const {
        return {v, z > 1 ? 120.0 : -77.0, c_in, 2.0, 1.3, 26.7};
    }
};

template <class M> constexpr bool is_pool = std::is_same_v<decltype(M::info), const pool_info>;
template <class M> constexpr bool is_receptor = std::is_same_v<decltype(M::info), const receptor_info>;

/// The defaults as numbers: which unit they have does not matter to the comparison.
template <class M> constexpr auto numbers() {
    constexpr auto n = member_count<std::remove_const_t<decltype(M::defaults)>>();
    double values[n + 1] = {};
    std::size_t k = 0;
    for_each_member(M::defaults, [&](const field& f) { values[k++] = f.value; });
    return make_record<typename M::template parameters<double>>([&](std::size_t i) { return values[i]; });
}

/// One step of one mechanism; the values it makes, in order.
template <class M> __host__ __device__ void evaluate(const membrane_at& place, double* out) {
    constexpr auto p = numbers<M>();
    if constexpr (is_pool<M>) {
        *out = M::advance(place.c_in, p, -1e-5*place.v, dt);
    } else if constexpr (is_receptor<M>) {
        using state = typename M::template state<double>;
        const auto s = M::advance(make_record<state>([](std::size_t i) { return 1e-3*(1.0 + i); }), p, dt);
        for_each_member(s, [&](double x) { *out++ = x; });
        const auto i = M::current(s, p, variable(place.v));
        out[0] = i.value, out[1] = i.slope;
    } else {
        const auto at = place.site(M::info.carries == ion::ca ? 2 : 1);
        const auto rest = channels::rest<M>(at, p);
        auto elsewhere = at;
        elsewhere.v += 15;
        const auto s = channels::advance<M>(rest, elsewhere, p, dt);
        for_each_member(s, [&](double x) { *out++ = x; });
        const auto i = M::current(s, at, p, variable(at.v));
        *out++ = i.value, *out++ = i.slope;
        for_each_member(rest, [&](double x) { *out++ = x; });
    }
}

template <class M> __global__ void evaluate_all(const membrane_at* places, double* out, int n) {
    const int k = static_cast<int>(blockIdx.x*blockDim.x + threadIdx.x);
    if (k < n) evaluate<M>(places[k], out + k*most_values);
}

/// A sweep of voltages through the removable singularities, and of concentrations.
std::vector<membrane_at> sweep() {
    std::vector<membrane_at> places;
    for (double v = -120; v <= 60; v += 0.5)
        for (double c : {1e-6, 5e-5, 1e-3, 1.0}) places.push_back({v, c});
    return places;
}

/// Largest relative difference of device and host over the sweep; negative if the device failed.
template <class M> double worst_difference(const std::vector<membrane_at>& places) {
    const auto n = places.size();
    membrane_at* in = nullptr;
    double* out = nullptr;
    std::vector<double> there(n*most_values), here(n*most_values);
    cudaMalloc(&in, n*sizeof *in);
    cudaMalloc(&out, there.size()*sizeof *out);
    cudaMemset(out, 0, there.size()*sizeof *out);
    cudaMemcpy(in, places.data(), n*sizeof *in, cudaMemcpyHostToDevice);
    evaluate_all<M><<<static_cast<unsigned>((n + 127)/128), 128>>>(in, out, static_cast<int>(n));
    cudaMemcpy(there.data(), out, there.size()*sizeof *out, cudaMemcpyDeviceToHost);
    cudaFree(in);
    cudaFree(out);
    if (cudaGetLastError() != cudaSuccess) return -1;
    double worst = 0;
    for (std::size_t k = 0; k < n; ++k) evaluate<M>(places[k], here.data() + k*most_values);
    for (std::size_t k = 0; k < here.size(); ++k)
        worst = std::fmax(worst, std::fabs(there[k] - here[k])/(std::fabs(here[k]) + 1e-12));
    return worst;
}

}  // namespace

int main() {
    int devices = 0;
    const bool has_device = cudaGetDeviceCount(&devices) == cudaSuccess && devices > 0;
    const auto places = sweep();
    int wrong = 0;
    all_mechanisms::for_each([&]<class M>() {
        if (!has_device) return;
        const double worst = worst_difference<M>(places);
        const bool good = worst >= 0 && worst < 1e-11;
        std::printf("%-20.*s %9.2g %s\n", static_cast<int>(M::info.name.size()), M::info.name.data(), worst, good ? "" : "<-- WRONG");
        wrong += !good;
    });
    if (!has_device) std::printf("%d mechanisms compiled for the device; none here to run them\n", all_mechanisms::size);
    return has_device ? wrong != 0 : 77;
}
