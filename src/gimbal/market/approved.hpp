// Permission as a type: encoders and venues take nothing but Approved<T>, and only govern::Gate can make one.
#pragma once

#include <utility>

namespace gimbal::govern {
class Gate;
}

namespace gimbal::market {

template <class T>
class Approved {
 public:
  [[nodiscard]] const T& operator*() const { return value_; }
  [[nodiscard]] const T* operator->() const { return &value_; }

 private:
  friend class gimbal::govern::Gate;
  explicit Approved(T value) : value_{std::move(value)} {}
  T value_;
};

}  // namespace gimbal::market
