/*
 * The part of libclang's C interface (clang-c/Index.h) that reading headers needs,
 * opened at run time. Its binary interface is stable, so any version from 9 on
 * serves, and building bcct needs no package of clang's.
 */
#ifndef TYPES_CLANG_H
#define TYPES_CLANG_H

#include <stdbool.h>

typedef struct {
	int kind, xdata;
	const void *data[3];
} CXCursor;

typedef struct {
	int kind;
	void *data[2];
} CXType;

typedef struct {
	const void *data;
	unsigned flags;
} CXString;

typedef struct {
	const void *ptr[2];
	unsigned n;
} CXSourceLocation;

typedef struct {
	const void *ptr[2];
	unsigned begin, end;
} CXSourceRange;

typedef struct {
	unsigned n[4];
	void *ptr;
} CXToken;

struct CXUnsavedFile {
	const char *name, *text;
	unsigned long len;
};

enum { /* cursor kinds */
	CXC_STRUCT = 2,
	CXC_UNION = 3,
	CXC_ENUM = 5,
	CXC_FIELD = 6,
	CXC_ENUMERATOR = 7,
	CXC_TYPEDEF = 20,
	CXC_MACRO = 501,
};

enum { /* type kinds */
	CXT_VOID = 2,
	CXT_BOOL = 3,
	CXT_CHAR_U = 4,
	CXT_UCHAR = 5,
	CXT_USHORT = 8,
	CXT_ULONGLONG = 11,
	CXT_UINT128 = 12,
	CXT_CHAR_S = 13,
	CXT_SCHAR = 14,
	CXT_LONGLONG = 19,
	CXT_INT128 = 20,
	CXT_POINTER = 101,
	CXT_BLOCK = 102,
	CXT_RECORD = 105,
	CXT_ENUM = 106,
	CXT_FUNC_NO_PROTO = 110,
	CXT_FUNC = 111,
	CXT_ARRAY = 112,
	CXT_VECTOR = 113,
	CXT_FLEXIBLE = 114,
};

enum { CX_CONTINUE = 1 };            /* what a visitor returns */
enum { CX_DIAG_ERROR = 3, CX_DIAG_FATAL = 4 };
enum { CX_MACROS = 0x01, CX_INCOMPLETE = 0x02, CX_NO_BODIES = 0x40 }; /* how to parse */

typedef int (*cx_visitor)(CXCursor c, CXCursor parent, void *user);
typedef void (*cx_includes)(void *file, CXSourceLocation *stack, unsigned n, void *user);

/* clang_ before each name: name, result, parameters. */
#define CLANG_FUNCTIONS(F)                                                                         \
	F(createIndex, void *, (int, int))                                                         \
	F(disposeIndex, void, (void *))                                                            \
	F(parseTranslationUnit, void *,                                                            \
	  (void *, const char *, const char *const *, int, struct CXUnsavedFile *, unsigned,       \
	   unsigned))                                                                              \
	F(disposeTranslationUnit, void, (void *))                                                  \
	F(getTranslationUnitCursor, CXCursor, (void *))                                            \
	F(visitChildren, unsigned, (CXCursor, cx_visitor, void *))                                 \
	F(getInclusions, void, (void *, cx_includes, void *))                                      \
	F(getCString, const char *, (CXString))                                                    \
	F(disposeString, void, (CXString))                                                         \
	F(getCursorSpelling, CXString, (CXCursor))                                                 \
	F(getCursorType, CXType, (CXCursor))                                                       \
	F(getCursorLocation, CXSourceLocation, (CXCursor))                                         \
	F(getCursorExtent, CXSourceRange, (CXCursor))                                              \
	F(isCursorDefinition, unsigned, (CXCursor))                                                \
	F(hashCursor, unsigned, (CXCursor))                                                        \
	F(equalCursors, unsigned, (CXCursor, CXCursor))                                            \
	F(getCanonicalType, CXType, (CXType))                                                      \
	F(getPointeeType, CXType, (CXType))                                                        \
	F(getArrayElementType, CXType, (CXType))                                                   \
	F(getArraySize, long long, (CXType))                                                       \
	F(getTypeDeclaration, CXCursor, (CXType))                                                  \
	F(Type_getSizeOf, long long, (CXType))                                                     \
	F(Type_getAlignOf, long long, (CXType))                                                    \
	F(Type_getOffsetOf, long long, (CXType, const char *))                                     \
	F(Cursor_getOffsetOfField, long long, (CXCursor))                                          \
	F(Cursor_isBitField, unsigned, (CXCursor))                                                 \
	F(Cursor_isAnonymousRecordDecl, unsigned, (CXCursor))                                      \
	F(getFieldDeclBitWidth, int, (CXCursor))                                                   \
	F(getEnumConstantDeclValue, long long, (CXCursor))                                         \
	F(getEnumDeclIntegerType, CXType, (CXCursor))                                              \
	F(getTypedefDeclUnderlyingType, CXType, (CXCursor))                                        \
	F(Cursor_isMacroFunctionLike, unsigned, (CXCursor))                                        \
	F(tokenize, void, (void *, CXSourceRange, CXToken **, unsigned *))                         \
	F(getTokenSpelling, CXString, (void *, CXToken))                                           \
	F(disposeTokens, void, (void *, CXToken *, unsigned))                                      \
	F(getExpansionLocation, void,                                                              \
	  (CXSourceLocation, void **, unsigned *, unsigned *, unsigned *))                         \
	F(getFileName, CXString, (void *))                                                         \
	F(getNumDiagnostics, unsigned, (void *))                                                   \
	F(getDiagnostic, void *, (void *, unsigned))                                               \
	F(disposeDiagnostic, void, (void *))                                                       \
	F(getDiagnosticSeverity, int, (void *))                                                    \
	F(getDiagnosticLocation, CXSourceLocation, (void *))                                       \
	F(getDiagnosticSpelling, CXString, (void *))

struct clang {
	void *library;
#define CLANG_MEMBER(name, result, params) result(*name) params;
	CLANG_FUNCTIONS(CLANG_MEMBER)
#undef CLANG_MEMBER
};

/* Opens the library; false when there is none that has all of the functions. */
bool clang_open(struct clang *c);
void clang_close(struct clang *c);

#endif
