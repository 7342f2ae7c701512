// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJudge} from "../../interfaces/IJudge.sol";
import {IJudgeRegistry} from "../../interfaces/IJudgeRegistry.sol";
import {Body, BodyLib} from "./Body.sol";
import {Openings} from "./Openings.sol";
import {Header} from "./Program.sol";
import {TensorType} from "./TensorType.sol";

/// @notice The rules that one operator's leaf shows to be kept or broken.
library Rules {
    bytes32 internal constant JUDGE = "judge";

    /// @notice The rule that operator `index` breaks; zero if it breaks none.
    function broken(
        Header header,
        uint256 index,
        bytes calldata raw,
        IJudgeRegistry judges
    ) internal view returns (bytes32) {
        (bool ok, Body memory body) = BodyLib.decode(raw);
        if (!ok) return "undecodable";
        for (uint256 i = 0; i < body.types.length; ++i) {
            if (TensorType.unwrap(body.types[i]) != 0 && !soundType(body.types[i])) return "type";
        }
        if (index == 0 && body.firstValue != 0) return "number";
        uint256 next = body.firstValue + body.outputs;
        if (next > header.valueCount()) return "number";
        if (index + 1 == header.opCount() && next != header.valueCount()) return "number";
        if (index == 0 && body.segment != 0) return "segment";
        if (body.segment >= header.segmentCount()) return "segment";
        if (index + 1 == header.opCount() && body.segment + 1 != header.segmentCount()) return "segment";
        if (body.boundary >> body.outputs != 0) return "inner";
        for (uint256 slot = 0; slot < body.inputs; ++slot) {
            bytes32 reason = _ref(header, body, slot);
            if (reason != 0) return reason;
        }
        address judge = judges.judge(body.opcode, body.judge);
        if (judge == address(0)) return JUDGE;
        return _knows(IJudge(judge), raw, header.numerics()) ? bytes32(0) : bytes32("numerics");
    }

    /// @dev Judges look at the numerics first, so that without evidence they say which they do not know.
    function _knows(IJudge judge, bytes calldata raw, uint256 numerics) private view returns (bool) {
        try judge.judge(raw, numerics, 0, 0, 0, "") returns (IJudge.Verdict) {
            return true;
        } catch (bytes memory why) {
            return why.length < 4 || bytes4(why) != IJudge.Judge_Numerics.selector;
        }
    }

    function _ref(Header header, Body memory body, uint256 slot) private pure returns (bytes32) {
        (uint256 kind, uint256 number) = body.ref(slot);
        if (kind > 4 || (kind == 0 && number != 0)) return "undecodable";
        if (kind == 1 && number >= header.inputCount()) return "number";
        if (kind == 2 && number >= header.weightCount()) return "number";
        return kind >= 3 && number >= body.firstValue ? bytes32("order") : bytes32(0);
    }

    /// @notice Whether the layout is 0 or a permutation other than the identity, and byte offsets fit u32.
    function soundType(TensorType kind) internal pure returns (bool) {
        if (Openings.byteLength(kind) > Openings.LONGEST) return false;
        uint256 code = kind.layoutCode();
        if (code == 0) return true;
        uint256 rank = kind.rank();
        uint256 seen;
        bool identity = true;
        for (uint256 place = 0; place < rank; ++place) {
            uint256 axis = (code >> (4 * place)) & 15;
            if (axis != place) identity = false;
            seen |= 1 << axis;
        }
        return !identity && seen == (1 << rank) - 1 && code >> (4 * rank) == 0;
    }
}
