// The files of report/pages/ as the build embeds them (cmake/GimbalEmbed.cmake): exactly their bytes.
#pragma once

#include <string_view>

namespace gimbal::report::internal {

extern const std::string_view page_html;
extern const std::string_view page_css;
extern const std::string_view turning_surface_js;

}  // namespace gimbal::report::internal
