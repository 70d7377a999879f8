# Writes the vendors' files as one C++ source: cmake -DOUT=... "-DFILES=a;b" -P embed_vendors.cmake
set(rows "")
foreach(file IN LISTS FILES)
  file(READ ${file} text)
  get_filename_component(name ${file} NAME)
  string(APPEND rows "    {\"${name}\", R\"vendor(\n${text})vendor\"},\n")
endforeach()
file(WRITE ${OUT} "#include \"probes/snmp/vendors.hpp\"\n
namespace vg::probes::snmp {\n
std::span<const VendorFile> vendor_files() {
    static constexpr VendorFile all[] = {
${rows}    };
    return all;
}\n
}  // namespace vg::probes::snmp\n")
