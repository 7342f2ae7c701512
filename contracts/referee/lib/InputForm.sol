// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMalformed} from "../../interfaces/IMalformed.sol";
import {Bytes} from "./Bytes.sol";
import {Elements} from "./Elements.sol";
import {Form} from "./Form.sol";
import {Interface} from "./Interface.sol";
import {Merkle} from "./Merkle.sol";
import {Openings} from "./Openings.sol";
import {Header, Program} from "./Program.sol";
import {Ranges} from "./Ranges.sol";
import {TensorType} from "./TensorType.sol";

/// @notice Whether a job's input is what the program declares: see {IMalformed-inputFault}.
library InputForm {
    using Interface for bytes;
    using Openings for TensorType;

    function faulty(bytes32 programId, bytes32 inputsRoot, bytes calldata proof) internal view returns (bool bad) {
        (uint256 pointer, uint256 end) = Bytes.bounds(proof);
        Header header = Header.wrap(pointer);
        if (header.id() != programId) revert IMalformed.Malformed_NotCommitted();
        bytes calldata raw;
        (raw, pointer) = Form.soundInterface(header, pointer + Program.HEADER);
        uint256 index = Bytes.u8(pointer);
        uint256 count = header.inputCount();
        if (index >= count) revert IMalformed.Malformed_Slot(index);
        TensorType declared = raw.input(index);
        uint256 kind = Bytes.u8(pointer + 1);
        uint256 siblings = pointer + 2;
        bytes32 root;
        if (kind == 0) {
            bool same;
            (same, root, siblings) = Form.preimage(declared, siblings);
            bad = !same;
        } else if (kind == 1) {
            uint256 size = Elements.size(declared.dtype());
            uint256 place = Bytes.u32(siblings) * size;
            siblings += 4;
            pointer = siblings + 32 * Merkle.depth(count);
            if (place >= declared.byteLength()) revert IMalformed.Malformed_Outside(place);
            uint256 bits = Elements.read(pointer + (place % Openings.CHUNK), size);
            bad = !Ranges.admits(declared.dtype(), declared.end(), bits);
            (root, pointer) = Form.chunkRoot(declared, place, pointer);
            root = declared.tensorRoot(root);
        } else if (kind == 2) {
            bad = true;
        } else {
            revert IMalformed.Malformed_Kind(kind);
        }
        bytes32 top;
        (top, siblings) = Merkle.up(root, index, count, siblings);
        if (top != inputsRoot) revert IMalformed.Malformed_NotCommitted();
        if ((kind == 1 ? pointer : siblings) != end) revert IMalformed.Malformed_Length();
    }
}
