// JavaCPP's generated code calls these two, which its generator puts into jnijavacpp.cpp together with the natives of
// JavaCPP's own classes. Those natives have no place in this library: its bindings pass handles, arrays and buffers
// alone, and JavaCPP's classes may live in another class loader or already have natives of their own.
#include <jni.h>

extern "C" {
jint JNI_OnLoad_jnijavacpp(JavaVM*, void*) { return JNI_VERSION_1_6; }
void JNI_OnUnload_jnijavacpp(JavaVM*, void*) {}
}
