// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClaims} from "../interfaces/IClaims.sol";
import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {JobMarket} from "../market/JobMarket.sol";
import {Tags} from "../referee/lib/Tags.sol";
import {MarketHandler} from "./EscrowBalanced.t.sol";
import {TestBase} from "./TestBase.sol";

/// @notice Faults that only the market sees, and what strangers may not do, with any bytes.
contract MarketFaultsTest is TestBase {
    MarketHandler private handler;
    JobMarket private market;
    address private provider;

    function setUp() public {
        handler = new MarketHandler();
        market = handler.market();
        provider = handler.providers(0);
    }

    function testFuzz_NoBytesConvictAnHonestBatch(bytes calldata proof, bytes32 salt, bytes32 root) public {
        IJobMarket.Terms memory terms = _accepted(3);
        vm.prank(provider);
        market.submitBatch(terms, root, root);
        require(!_prove(terms, proof, salt), "convicted");
        require(handler.claims().state(_batchOf(terms)) == IClaims.State.Pending, "state");
    }

    function testFuzz_AForeignLeafIsConvictedAndTheJobsOwnIsNot(
        bytes32[4] calldata claim,
        bytes32 sibling,
        bool foreignProgram,
        bool foreignContext
    ) public {
        IJobMarket.Terms memory terms = _accepted(1);
        bytes32 programId = foreignProgram ? claim[0] : terms.programId;
        bytes32 context = foreignContext ? claim[3] : _contextOf(terms, 1);
        bytes32 leaf = keccak256(abi.encode(Tags.CLAIM, programId, claim[1], claim[2], context));
        vm.prank(provider);
        market.submitBatch(terms, keccak256(abi.encode(sibling, leaf)), 0);
        bytes memory proof = abi.encodePacked(programId, claim[1], claim[2], context, uint32(1), sibling);
        bool foreign = programId != terms.programId || context != _contextOf(terms, 1);
        require(_prove(terms, proof, 0) == foreign, "verdict");
    }

    function testFuzz_NoBytesShowAnInputFaultOfAnUnknownProgram(
        uint32 index,
        bytes32 inputsRoot,
        bytes calldata siblings,
        bytes calldata proof
    ) public {
        IJobMarket.Terms memory terms = _accepted(3);
        bytes memory data = abi.encodeCall(market.proveInput, (terms, index, inputsRoot, siblings, proof));
        vm.prank(provider);
        require(!_call(address(market), data), "fault");
    }

    function testFuzz_InjuredIsNamedOnlyByTheBatchsOwnTerms(bytes calldata data, bytes32 batchId) public {
        IJobMarket.Terms memory terms = _accepted(3);
        require(market.injured(_batchOf(terms), abi.encode(terms)) == address(handler), "injured");
        require(!_call(address(market), abi.encodeCall(market.injured, (batchId, data))), "data");
        terms.salt++;
        require(!_call(address(market), abi.encodeCall(market.injured, (batchId, abi.encode(terms)))), "terms");
    }

    function testFuzz_AJobIsItsProvidersAndItsRequesters(address stranger) public {
        if (stranger == provider || stranger == address(handler)) return;
        IJobMarket.Terms memory terms = _accepted(0);
        bytes[7] memory calls = [
            abi.encodeCall(market.post, (terms)),
            abi.encodeCall(market.cancel, (terms)),
            abi.encodeCall(market.accept, (terms)),
            abi.encodeCall(market.exit, (terms)),
            abi.encodeCall(market.submit, (terms, 0, 0)),
            abi.encodeCall(market.release, (terms)),
            abi.encodeCall(market.withdraw, (terms))
        ];
        for (uint256 i = 0; i < calls.length; i++) {
            vm.prank(stranger);
            require(!_call(address(market), calls[i]), "stranger");
        }
    }

    function testFuzz_AModelIsItsOwners(address stranger, bytes32 programId, bytes32 manifest, uint96 price) public {
        IModelRegistry models = handler.models();
        uint256 model = handler.model();
        if (stranger == address(handler) || stranger == address(0) || stranger.code.length != 0) return;
        if (programId == 0 || manifest == 0) return;
        vm.prank(stranger);
        require(!_call(address(models), abi.encodeCall(models.setPrice, (model, stranger, price))), "price");
        vm.prank(stranger);
        require(!_call(address(models), abi.encodeCall(models.addProgram, (model, programId, manifest))), "program");
        vm.prank(stranger);
        uint256 own = models.register(programId, manifest, stranger, price);
        require(own != model && models.ownerOf(own) == stranger, "own");
        require(models.manifestOf(own, programId) == manifest, "manifest");
    }

    function _accepted(uint8 count) private returns (IJobMarket.Terms memory terms) {
        handler.post(100, 1, count, 0, 1 hours);
        terms = handler.jobAt(0);
        vm.prank(provider);
        market.accept(terms);
    }

    function _prove(IJobMarket.Terms memory terms, bytes memory proof, bytes32 salt) private returns (bool) {
        bytes32 batchId = _batchOf(terms);
        bytes32 digest = keccak256(proof);
        handler.accusations().accuse(
            keccak256(abi.encodePacked(Tags.ACCUSATION, batchId, digest, address(this), salt))
        );
        pass(12, 1);
        return _call(address(market), abi.encodeCall(market.proveContext, (terms, proof, salt)));
    }

    function _contextOf(IJobMarket.Terms memory terms, uint32 position) private view returns (bytes32) {
        bytes32 jobId = keccak256(abi.encode(terms));
        return keccak256(abi.encodePacked(Tags.CONTEXT, block.chainid, address(market), jobId, position, bytes32(0)));
    }

    function _batchOf(IJobMarket.Terms memory terms) private view returns (bytes32) {
        return market.batchIdOf(keccak256(abi.encode(terms)));
    }

    function _call(address to, bytes memory data) private returns (bool ok) {
        // solhint-disable-next-line avoid-low-level-calls
        (ok, ) = to.call(data);
    }
}
