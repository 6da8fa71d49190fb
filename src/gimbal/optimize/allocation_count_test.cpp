// Counts every allocation of the test program, so that a test can say that there was none. It stands in a file of its
// own because a compiler that sees both malloc and delete in one place takes the pair for a mistake.
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace {
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): operator new has no other place to count in.
std::atomic<std::size_t> allocations{0};
}  // namespace

void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  std::abort();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return operator new(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace gimbal::optimize {

std::size_t allocation_count();
std::size_t allocation_count() { return allocations; }

}  // namespace gimbal::optimize
